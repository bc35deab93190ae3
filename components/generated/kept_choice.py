"""A choice of the stack that cannot be made twice: what hangs on it would be lost."""

from typing import Any

import pulumi
from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    CreateResult,
    DiffResult,
    Resource,
    UpdateResult,
)
from pulumi.dynamic import ResourceProvider as Provider


class KeptChoiceProvider(Provider):
    """Notes the choice at creation and refuses another one from then on, in a preview already.

    One other may follow: the one that was announced as `next` in an earlier update.
    """

    def check(self, olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        kept, wanted = olds.get("value"), news["value"]
        if kept is None or wanted in (kept, olds.get("next")):
            return CheckResult(news, [])
        return CheckResult(
            news,
            [
                CheckFailure(
                    "value",
                    f"{news['key']} is {kept} in this stack, and {wanted} now: {news['reason']} "
                    f"Set it back to {kept}.",
                )
            ],
        )

    def create(self, props: dict[str, Any]) -> CreateResult:
        return CreateResult(id_=str(props["key"]), outs=dict(props))

    def diff(self, _id: str, olds: dict[str, Any], news: dict[str, Any]) -> DiffResult:
        """Another wording of the reason is no difference."""
        noted = ("value", "next")
        return DiffResult(changes=any(olds.get(key) != news.get(key) for key in noted))

    def update(self, _id: str, _olds: dict[str, Any], news: dict[str, Any]) -> UpdateResult:
        return UpdateResult(outs=dict(news))


class KeptChoice(Resource, module="scipio", name="KeptChoice"):
    """The setting `key` keeps `value`, with which the stack began, for the stack's life.

    `reason` says what another value would destroy, in whole sentences. `next_value` announces the
    one that a later update may choose in its place.
    """

    def __init__(
        self,
        name: str,
        *,
        key: str,
        value: str,
        reason: str,
        next_value: str | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        props = {"key": key, "value": value, "reason": reason}
        if next_value is not None:
            props["next"] = next_value
        super().__init__(KeptChoiceProvider(), name, props, opts)
