"""The XML that AWS's query APIs answer in, and their refusals."""

from collections.abc import Iterable, Mapping
from typing import Any
from xml.sax.saxutils import escape


class Refusal(Exception):  # noqa: N818 - it is AWS's answer
    """AWS refuses a call with one of its own codes."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(f"{code}: {sentence}")
        self._inner = xml({"Code": code, "Message": sentence})

    def as_xml(self) -> bytes:
        """The body of the answer."""
        return f"<ErrorResponse><Error>{self._inner}</Error></ErrorResponse>".encode()


def xml(value: Any) -> str:
    """Mappings become elements, lists `member`s; what is None is left out."""
    if isinstance(value, Mapping):
        return "".join(
            f"<{key}>{xml(each)}</{key}>" for key, each in value.items() if each is not None
        )
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return members(value)
    return escape(str(value))


def members(values: Iterable[Any], name: str = "member") -> str:
    """A list of them."""
    return "".join(f"<{name}>{xml(each)}</{name}>" for each in values)


def listed(form: Mapping[str, str], name: str) -> list[str]:
    """The values of `name.member.1`, `name.member.2`, …"""
    found: list[str] = []
    while (key := f"{name}.member.{len(found) + 1}") in form:
        found.append(form[key])
    return found
