"""An ending that makes a name one of its kind, drawn once and kept for the life of its stack."""

import secrets
from typing import Any

import pulumi
from pulumi.dynamic import CreateResult, DiffResult, Resource, ResourceProvider

LENGTH = 8


class NameSuffixProvider(ResourceProvider):
    """Draws the ending at creation and never again."""

    def create(self, _props: dict[str, Any]) -> CreateResult:
        value = secrets.token_hex(LENGTH // 2)
        return CreateResult(id_=value, outs={"value": value})

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        return DiffResult(changes=False)


class NameSuffix(Resource, module="scipio", name="NameSuffix"):
    """`value` is 8 hexadecimal digits: no secret, and valid at the end of any name.

    For names that must be known before the resource is made, as that of the log group that a
    database will write to.
    """

    value: pulumi.Output[str]

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(NameSuffixProvider(), name, {"value": None}, opts)
