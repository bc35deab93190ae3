"""The reference node's own pages (docs/architecture.md, "The reference node"), as visitors ask."""

from typing import TypeVar

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from checks import evidence
from checks.check import BrokenPromiseError
from checks.visitor import Visitor


class Page(BaseModel):
    """An answer; what a later node adds is not our business."""

    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel)


class NodePage(Page):
    instance_id: str
    subscribed: bool
    live_broker: str | None


class SessionPage(Page):
    instance_id: str
    value: str | None


class WrittenRow(Page):
    instance_id: str
    value: str
    commit_ms: float


class ReadRow(Page):
    instance_id: str
    value: str | None
    cached: bool


_Page = TypeVar("_Page", bound=Page)


def node(visitor: Visitor) -> NodePage:
    """The node that answers this visitor. Makes no session."""
    return _read(NodePage, visitor.get("/reference/node"))


def put_in_session(visitor: Visitor, name: str, value: str) -> SessionPage:
    return _read(SessionPage, visitor.put(f"/reference/session/{name}", value))


def get_from_session(visitor: Visitor, name: str) -> SessionPage:
    """`value` is None when the visitor's session has none of that name."""
    return _read(SessionPage, visitor.get(f"/reference/session/{name}"), also=404)


def write_row(visitor: Visitor, key: str, value: str) -> WrittenRow:
    return _read(WrittenRow, visitor.put(f"/reference/rows/{key}", value))


def read_row(visitor: Visitor, key: str) -> ReadRow:
    """Through the node's cache."""
    return _read(ReadRow, visitor.get(f"/reference/rows/{key}"))


def read_row_in_database(visitor: Visitor, key: str) -> ReadRow:
    return _read(ReadRow, visitor.get(f"/reference/rows/{key}?from=database"))


def _read(kind: type[_Page], response: httpx.Response, *, also: int = 200) -> _Page:
    if response.status_code not in (200, also):
        raise BrokenPromiseError(evidence.of_answer(response))
    try:
        return kind.model_validate_json(response.content)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, f['loc']))}: {f['msg']}" for f in error.errors())
        raise BrokenPromiseError(
            f"{evidence.of_answer(response)} is no {kind.__name__}: {faults}"
        ) from error
