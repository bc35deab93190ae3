"""What was seen, in words that help to mend it."""

import httpx

BODY_LIMIT = 300
SHOWN_HEADERS = ("location", "set-cookie", "server", "content-type", "retry-after")


def of_answer(response: httpx.Response) -> str:
    """Request, status, telling headers and the beginning of the body, on one line.

    Cookie values are left out: a session's is as good as a password.
    """
    target = response.request.extensions.get("target")
    where = target.decode() if isinstance(target, bytes) else str(response.request.url)
    headers = "; ".join(
        f"{name}: {_without_cookie_value(name, value)}"
        for name, value in response.headers.multi_items()
        if name in SHOWN_HEADERS
    )
    body = " ".join(response.text[:BODY_LIMIT].split())
    return f"{response.request.method} {where}: {response.status_code} [{headers}] {body}".rstrip()


def of_error(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _without_cookie_value(name: str, value: str) -> str:
    if name != "set-cookie":
        return value
    pair, separator, attributes = value.partition(";")
    return f"{pair.partition('=')[0]}=…{separator}{attributes}"
