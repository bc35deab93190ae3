"""The Docker engine: where it listens, and a client of it for each thread."""

import os
import threading

import docker
from docker.errors import DockerException
from docker.utils import kwargs_from_env

from contract.docker_endpoint import UnusableContextError, docker_endpoint
from providers.docker.errors import ContextError, DaemonError

CALL_TIMEOUT_S = 120
"""For one call that answers at once; builds, pulls and stops set their own."""


class Daemon:
    """Docker at one address: the provider's `host`, else what `contract.docker_endpoint` finds."""

    def __init__(self, host: str | None = None) -> None:
        self._host = host
        self._clients = threading.local()

    @property
    def address(self) -> str:
        """Where it listens. Raises `ContextError`."""
        return self._environment()["DOCKER_HOST"]

    def client(self) -> docker.APIClient:
        """This thread's client: a session of `requests` is not made for many threads.

        Raises `DaemonError` when Docker does not answer, `ContextError` when none is found.
        """
        client: docker.APIClient | None = getattr(self._clients, "client", None)
        if client is None:
            client = self._connect()
            self._clients.client = client
        return client

    def _connect(self) -> docker.APIClient:
        environment, address = self._environment(), self.address
        try:
            client = docker.APIClient(
                version="auto",
                timeout=CALL_TIMEOUT_S,
                use_ssh_client=address.startswith("ssh://"),
                **kwargs_from_env(environment),
            )
            client.ping()
        except (DockerException, OSError) as cause:
            raise DaemonError(address, cause) from cause
        return client

    def _environment(self) -> dict[str, str]:
        """The variables of this engine; TLS is the environment's where `host` names it."""
        if self._host:
            return {**os.environ, "DOCKER_HOST": self._host}
        try:
            return docker_endpoint(os.environ).laid_over(os.environ)
        except UnusableContextError as cause:
            raise ContextError(str(cause)) from cause
