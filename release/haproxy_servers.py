"""Requests of a colour's servers, as HAProxy's statistics page has them."""

import re
from typing import Any

from release.errors import EvidenceError
from release.evidence import Use

BACKEND = "nodes"
_TIMEOUT_S = 5


def use_of_servers(*, statistics_url: str, colour: str) -> Use:
    """Of the servers called `<colour>1`, `<colour>2`, …. Raises `EvidenceError`.

    HAProxy counts from its own start: what it has not seen since then, it has not seen.
    """
    rows = [row for row in _rows(statistics_url) if row.get("pxname") == BACKEND]
    servers = [row for row in rows if re.fullmatch(rf"{colour}\d+", str(row.get("svname")))]
    backend = next((row for row in rows if row.get("svname") == "BACKEND"), None)
    if backend is None:
        raise EvidenceError(f"{statistics_url}: the page has no backend {BACKEND}.")
    # Of a server: seconds since its last session, -1 for none yet (docs.haproxy.org/2.6/management,
    # section 9.1). Of the backend, `lastchg` is the time since HAProxy started or it last changed.
    last = [int(row["lastsess"]) for row in servers if int(row.get("lastsess", -1)) >= 0]
    return Use(
        last_request_s=min(last) if last else None,
        seen_s=int(backend.get("lastchg", 0)),
        under_way=sum(int(row.get("scur", 0)) for row in servers),
    )


def _rows(statistics_url: str) -> list[dict[str, Any]]:
    import httpx  # by the first question: a program that drops no colour does not wait for it

    try:
        answer = httpx.get(f"{statistics_url};json", timeout=_TIMEOUT_S)
        answer.raise_for_status()
        return [
            {field["field"]["name"]: field["value"]["value"] for field in line}
            for line in answer.json()
        ]
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        raise EvidenceError(f"{statistics_url}: the balancer does not say: {error}") from error
