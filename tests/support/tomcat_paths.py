"""How a Tomcat of the ERP's version reads a path, and what the ERP makes of that."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.support.java_artifacts import tomcat_libraries
from tests.support.server_process import ServerProcess, free_port

ADDRESS = "127.0.0.1"
START_LIMIT_S = 30
JVM_FLAGS = ("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
CONTROL = "/control"


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a node takes a path for. All but `status` is empty where Tomcat refuses it."""

    status: int
    mount_point: str = ""
    servlet_path: str = ""
    path_info: str = ""

    @property
    def request(self) -> str | None:
        """The name of the controller's request (RequestHandler.getRequestUri)."""
        parts = self._parts()
        return parts[0].partition("?")[0] if parts else None

    @property
    def view(self) -> str | None:
        """The view named behind it (RequestHandler.getOverrideViewUri)."""
        named = [part for part in self._parts()[1:] if not part.startswith("~")]
        return "/".join(part.partition("?")[0] for part in named) or None

    def _parts(self) -> list[str]:
        if self.servlet_path != CONTROL:
            return []
        return [part for part in self.path_info.split("/") if part]


class TomcatPaths:
    """The process; it lives until `stop`. Not for several threads."""

    def __init__(
        self,
        folder: Path,
        mount_points: tuple[str, ...],
        connector: Mapping[str, str] | None = None,
    ) -> None:
        """`connector` are properties of the connector, by Tomcat's names."""
        properties = [f"-Dconnector.{name}={value}" for name, value in (connector or {}).items()]
        self.port = free_port()
        self._connection: socket.socket | None = None
        self._process = ServerProcess(
            "Tomcat",
            [
                *(
                    "java",
                    *JVM_FLAGS,
                    *properties,
                    "-cp",
                    f"{tomcat_libraries()}/*",
                    "tomcatpaths.Main",
                ),
                *(str(self.port), str(folder), *mount_points),
            ],
            log=folder / "tomcat.log",
        )
        self._process.wait_until_usable(self._answers, within_s=START_LIMIT_S)

    def stop(self) -> None:
        self._drop()
        self._process.end()

    def reads(self, path: str) -> Reading:
        """`path` goes out exactly as it is. Raises OSError when Tomcat does not answer."""
        try:
            status, body = self._exchange(path)
        except ConnectionError:
            # A refused path ends the connection, which the next one finds out.
            self._drop()
            status, body = self._exchange(path)
        if status != 200:
            return Reading(status=status)
        mount_point, servlet_path, path_info = body.decode().split("\n", 2)
        return Reading(
            status=status,
            mount_point=mount_point,
            servlet_path=servlet_path,
            path_info=path_info,
        )

    def _answers(self) -> bool:
        try:
            return self.reads("/").status in (200, 404)
        except OSError:
            self._drop()
            return False

    def _exchange(self, path: str) -> tuple[int, bytes]:
        if self._connection is None:
            self._connection = socket.create_connection((ADDRESS, self.port), timeout=10)
        connection = self._connection
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode("latin-1"))
        head, body = b"", b""
        while b"\r\n\r\n" not in head:
            head += _some(connection)
        head, _, body = head.partition(b"\r\n\r\n")
        fields = dict(
            line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line
        )
        while len(body) < int(fields.get(b"content-length", b"0")):
            body += _some(connection)
        if fields.get(b"connection") == b"close":
            self._drop()
        return int(head.split(b" ", 2)[1]), body

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _some(connection: socket.socket) -> bytes:
    received = connection.recv(65_536)
    if not received:
        raise ConnectionError("the connection was closed")
    return received
