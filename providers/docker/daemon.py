"""The Docker engine: where it listens, and a client of it for each thread."""

import threading

import docker
from docker.errors import DockerException
from docker.utils import kwargs_from_env

from providers.docker.errors import DaemonError

DEFAULT_ADDRESS = "unix:///var/run/docker.sock"

CALL_TIMEOUT_S = 120
"""For one call that answers at once; builds, pulls and stops set their own."""


class Daemon:
    """Docker at one address: the provider's `host`, else DOCKER_HOST, else the usual socket."""

    def __init__(self, host: str | None = None) -> None:
        self._options = kwargs_from_env()
        if host:
            self._options["base_url"] = host
        self.address = str(self._options.get("base_url") or DEFAULT_ADDRESS)
        self._clients = threading.local()

    def client(self) -> docker.APIClient:
        """This thread's client: a session of `requests` is not made for many threads.

        Raises `DaemonError` when Docker does not answer.
        """
        client: docker.APIClient | None = getattr(self._clients, "client", None)
        if client is None:
            client = self._connect()
            self._clients.client = client
        return client

    def _connect(self) -> docker.APIClient:
        try:
            client = docker.APIClient(version="auto", timeout=CALL_TIMEOUT_S, **self._options)
            client.ping()
        except (DockerException, OSError) as cause:
            raise DaemonError(self.address, cause) from cause
        return client
