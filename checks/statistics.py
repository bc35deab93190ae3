"""HAProxy's statistics page, as machines read it."""

from dataclasses import dataclass
from typing import Any

import httpx

from checks import evidence
from checks.check import BrokenPromiseError, NotTriedError
from checks.cluster import Cluster


@dataclass(frozen=True)
class Server:
    """One server line of a backend; `status` is HAProxy's own word: `UP`, `DOWN`, `MAINT (…)`."""

    backend: str
    name: str
    status: str

    @property
    def is_up(self) -> bool:
        """`UP 1/2`, going down, is not up."""
        return self.status == "UP"

    def __str__(self) -> str:
        return f"{self.backend}/{self.name} {self.status}"


def servers(cluster: Cluster) -> list[Server]:
    """All servers that have an address: slots that wait for a node are in maintenance, left out.

    Raises NotTriedError where the balancer has no such page, BrokenPromiseError when the page does
    not answer as one.
    """
    url = cluster.outputs.balancer.statistics_url
    if url is None:
        raise NotTriedError(f"the {cluster.outputs.platform} balancer has no statistics page")
    response = cluster.ask_once(f"{url};json")
    if response.status_code != httpx.codes.OK:
        raise BrokenPromiseError(evidence.of_answer(response))
    try:
        lines = [_fields(line) for line in response.json()]
        found = [
            Server(line["pxname"], line["svname"], line["status"])
            for line in lines
            if line["objType"] == "Server"
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise BrokenPromiseError(
            f"{evidence.of_answer(response)} is not HAProxy's JSON: {evidence.of_error(error)}"
        ) from error
    return [server for server in found if not server.status.startswith("MAINT")]


def _fields(line: list[dict[str, Any]]) -> dict[str, Any]:
    """HAProxy writes a line as a list of fields, each with its name and its typed value."""
    values = {field["field"]["name"]: field["value"]["value"] for field in line}
    return values | {"objType": line[0]["objType"]}
