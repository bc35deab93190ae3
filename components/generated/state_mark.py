"""The mark of this state: what it makes in Docker carries it, and nothing of another state's."""

import os
import secrets
from datetime import UTC, datetime
from typing import Any

import pulumi
from pulumi.dynamic import CreateResult, DiffResult, Resource, ResourceProvider

from contract.labels import STATE_MARK_TYPE
from contract.state_place import state_place

LENGTH = 16


class StateMarkProvider(ResourceProvider):
    """Draws the mark at creation, notes where and when, and never draws again."""

    def create(self, _props: dict[str, Any]) -> CreateResult:
        value = secrets.token_hex(LENGTH // 2)
        made = datetime.now(UTC).isoformat(timespec="seconds")
        outs = {"value": value, "place": state_place(os.environ), "made": made}
        return CreateResult(id_=value, outs=outs)

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        return DiffResult(changes=False)


class StateMark(Resource, module="scipio", name=STATE_MARK_TYPE):
    """`value` is 16 hexadecimal digits; `place` and `made` say where and when it was drawn.

    It is in the state before the first object that carries it is made, and goes after the last.
    """

    value: pulumi.Output[str]
    place: pulumi.Output[str]
    made: pulumi.Output[str]

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        empty = {"value": None, "place": None, "made": None}
        super().__init__(StateMarkProvider(), name, empty, opts)
