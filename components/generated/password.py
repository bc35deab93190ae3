"""A password that is drawn once and kept for the life of its stack."""

import secrets
from typing import Any

import pulumi
from pulumi.dynamic import CreateResult, DiffResult, Resource, ResourceProvider

DEFAULT_LENGTH = 32
"""Characters of 6 bits each: 192 bits."""


class GeneratedPasswordProvider(ResourceProvider):
    """Draws the password at creation; afterwards only a longer demand draws another."""

    def create(self, props: dict[str, Any]) -> CreateResult:
        length = int(props["length"])
        value = secrets.token_urlsafe(length)[:length]
        return CreateResult(id_=secrets.token_hex(8), outs={"length": length, "value": value})

    def diff(self, _id: str, olds: dict[str, Any], news: dict[str, Any]) -> DiffResult:
        grows = news["length"] > olds["length"]
        return DiffResult(changes=grows, replaces=["length"] if grows else [])


class GeneratedPassword(Resource, module="scipio", name="GeneratedPassword"):
    """`value` is a secret of `length` characters out of A-Z, a-z, 0-9, `-` and `_`.

    A shorter `length` keeps the password; a longer one replaces it and all that is made with it.
    """

    length: pulumi.Output[int]
    value: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        *,
        length: int = DEFAULT_LENGTH,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(
            GeneratedPasswordProvider(),
            name,
            {"length": length, "value": None},
            pulumi.ResourceOptions.merge(
                opts, pulumi.ResourceOptions(additional_secret_outputs=["value"])
            ),
        )
        # Secret at the door, so that no caller can forget it.
        self.value = pulumi.Output.secret(self.value)
