"""One JSON page of a server that is near: the JVM in this container, or the search server."""

import http.client
import json
from typing import Any

PATIENCE_S = 5.0


class NoPageError(Exception):
    """There was no such answer; the message says what came instead."""


def json_page(
    host: str, port: int, path: str, *, method: str = "GET", body: str | None = None
) -> dict[str, Any]:
    """The JSON object of the answer. Raises NoPageError when there is none."""
    connection = http.client.HTTPConnection(host, port, timeout=PATIENCE_S)
    try:
        connection.request(method, path, body=body, headers={"Connection": "close"})
        answer = connection.getresponse()
        text = answer.read()
    except (OSError, http.client.HTTPException) as error:
        raise NoPageError(
            f"{host}:{port} does not answer: {error or type(error).__name__}"
        ) from None
    finally:
        connection.close()
    try:
        page = json.loads(text) if answer.status == http.client.OK else None
    except ValueError:
        page = None
    if not isinstance(page, dict):
        raise NoPageError(f"{method} {path}: {answer.status} {answer.reason}, no JSON object")
    return page
