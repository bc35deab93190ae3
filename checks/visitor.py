"""One visitor of the cluster, as a browser is one."""

import ssl
from collections.abc import Mapping
from types import TracebackType
from typing import Self

import httpx


class Visitor:
    """Keeps cookies, verifies TLS, follows no redirect by itself.

    Whatever keeps it from an answer is an `httpx.HTTPError`. Close it, or use it in a `with`.
    """

    def __init__(self, url: str, *, trusted: ssl.SSLContext, patience_s: float) -> None:
        # `trust_env`: a proxy in the environment would answer in the cluster's place.
        self._client = httpx.Client(
            base_url=url, verify=trusted, timeout=patience_s, trust_env=False
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._client.close()

    def forget_cookies(self) -> None:
        """From here on the visitor is unknown again."""
        self._client.cookies.clear()

    def forget_cookie(self, name: str) -> None:
        """That one alone, of whatever path; nothing happens where there is none."""
        jar = self._client.cookies.jar
        for cookie in [cookie for cookie in jar if cookie.name == name]:
            jar.clear(cookie.domain, cookie.path, cookie.name)

    def get(self, path: str) -> httpx.Response:
        return self._client.get(path)

    def get_exactly(self, target: str) -> httpx.Response:
        """Asks for `target` byte for byte: a browser would tidy `//` and `..` away."""
        return self._client.get("/", extensions={"target": target.encode("ascii")})

    def put(self, path: str, value: str) -> httpx.Response:
        return self._client.put(path, content=value.encode())

    def post(self, path: str, form: Mapping[str, str]) -> httpx.Response:
        return self._client.post(path, data=dict(form))
