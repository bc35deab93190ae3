"""Paths as the firewall compares them. Pure; paths in, regular expressions out.

The firewall reads a path as the node will: decoded once, in lower case, with `//`, `/./` and
`/x/../` resolved (`AS_THE_NODE_READS`). One difference is left, `/webtools;x/control`, where the
node drops `;x`: no browser writes that before the end of a path, and `INNER_PARAMETER` finds it.
"""

import re
from collections.abc import Iterable, Iterator

from contract.routing import BlockedPath

AS_THE_NODE_READS = ("URL_DECODE", "LOWERCASE", "NORMALIZE_PATH")
"""The firewall's own names of these steps, in their order."""

AS_IT_CAME = ("NONE",)

INNER_PARAMETER = ";[^/]*/"
"""Over the path as it came: a node takes an encoded `;` for a letter."""

VIEW_BEHIND_REQUEST = "^(/[^/]+)*/control/[^/]+(/~[^/]*)*/[^~/;]"
"""RequestHandler.getOverrideViewUri: a part behind the request's name that begins without `~`."""

REQUEST = "^(/[^/]+)?/control([/;]|$)"
"""A request of a webapp, and not one of its files."""

EXPRESSION_MAX_LENGTH = 512
"""Of one regular expression (waf/latest/APIReference/API_RegexMatchStatement)."""

_END = "([/;]|$)"
"""A path ends, or goes on below, or carries `;jsessionid=`."""


class WafPathError(Exception):
    """A path is longer than the firewall can compare."""


def blocked_expressions(blocked: Iterable[BlockedPath]) -> list[str]:
    """What matches exactly the blocked paths and all below them, at any depth of webapp."""
    return _expressions(
        ("^" if path.match == "prefix" else "") + _literal(path.path) for path in blocked
    )


def prefix_expressions(paths: Iterable[str]) -> list[str]:
    """What matches exactly these paths and all below them."""
    return _expressions("^" + _literal(path) for path in paths)


def public_expressions(paths: Iterable[str]) -> list[str]:
    """What matches `/`, which leads to the first page, and exactly these paths and all below."""
    return ["^/$", *prefix_expressions(paths)]


def view_expressions(paths: Iterable[str]) -> list[str]:
    """What matches these requests with their views in every webapp, and all below them."""
    return _expressions("^(/[^/]+)?/control" + _literal(path) for path in paths)


def _expressions(alternatives: Iterable[str]) -> list[str]:
    """As many alternatives in one expression as it takes, in their order."""
    return [f"({'|'.join(pack)}){_END}" for pack in _packed(dict.fromkeys(alternatives))]


def _packed(alternatives: Iterable[str]) -> Iterator[list[str]]:
    room = EXPRESSION_MAX_LENGTH - len(f"(){_END}")
    pack: list[str] = []
    for alternative in alternatives:
        if len(alternative) > room:
            raise WafPathError(
                f"the path {alternative.lstrip('^')} is too long: the firewall compares {room} "
                "characters at most; name a shorter path above it"
            )
        if pack and len("|".join([*pack, alternative])) > room:
            yield pack
            pack = []
        pack.append(alternative)
    if pack:
        yield pack


def _literal(path: str) -> str:
    segments = [segment for segment in path.lower().split("/") if segment]
    return "".join("/" + re.escape(segment) for segment in segments)
