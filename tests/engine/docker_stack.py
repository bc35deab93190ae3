"""A stack whose resources are made in Docker, and Docker's own word on them."""

import contextlib
import os
from pathlib import Path
from typing import Any

import docker

from tests.engine.engine_stack import EngineStack, Program, Run

__all__ = ["DockerStack", "Program", "Run"]


class DockerStack(EngineStack):
    """Names of what it makes start with `prefix`."""

    def __init__(self, folder: Path, prefix: str, docker_api: docker.APIClient) -> None:
        super().__init__(folder, project=prefix)
        self.prefix = prefix
        self.docker = docker_api

    def name(self, last: str) -> str:
        """A name in Docker that belongs to this test alone."""
        return f"{self.prefix}-{last}"

    def engine_process(self) -> int:
        """The process of the engine that is running for this stack right now."""
        for status in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                name, rest = status.read_text().split("(", 1)[1].rsplit(")", 1)
                if name == "pulumi" and int(rest.split()[1]) == os.getpid():
                    return int(status.parent.name)
        raise LookupError("no engine is running")

    def inspect(self, name: str) -> dict[str, Any]:
        """Docker's own word on a container."""
        seen: dict[str, Any] = self.docker.inspect_container(name)
        return seen

    def create_container(self, body: dict[str, Any], name: str) -> dict[str, Any]:
        """A container of somebody else, made past the provider."""
        made: dict[str, Any] = self.docker.create_container_from_config(  # type: ignore[no-untyped-call]  # stubs
            body, name=name
        )
        return made

    def leftovers(self) -> list[str]:
        """Containers, volumes and networks of this test that exist in Docker."""
        containers = self.docker.containers(all=True, filters={"name": self.prefix})
        volumes = self.docker.volumes(filters={"name": self.prefix})["Volumes"] or []
        networks = self.docker.networks(filters={"name": self.prefix})
        return [
            *(str(container["Names"][0]) for container in containers),
            *(str(volume["Name"]) for volume in volumes),
            *(str(network["Name"]) for network in networks),
        ]

    def clear(self) -> None:
        """Remove what is left of this test, whatever its state says."""
        for container in self.docker.containers(all=True, filters={"name": self.prefix}):
            self.docker.remove_container(container["Id"], v=True, force=True)
        for volume in self.docker.volumes(filters={"name": self.prefix})["Volumes"] or []:
            self.docker.remove_volume(volume["Name"], force=True)
        for network in self.docker.networks(filters={"name": self.prefix}):
            self.docker.remove_network(network["Id"])
        for image in self.docker.images(name=f"{self.prefix}*"):
            for tag in image["RepoTags"]:
                self.docker.remove_image(tag)
