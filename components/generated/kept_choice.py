"""A choice of the stack that cannot be made twice: what hangs on it would be lost."""

from typing import Any

import pulumi
from pulumi.dynamic import CheckFailure, CheckResult, CreateResult, DiffResult, Resource
from pulumi.dynamic import ResourceProvider as Provider


class KeptChoiceProvider(Provider):
    """Notes the choice at creation and refuses another one from then on, in a preview already."""

    def check(self, olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        kept, wanted = olds.get("value"), news["value"]
        if kept is None or kept == wanted:
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

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        return DiffResult(changes=False)


class KeptChoice(Resource, module="scipio", name="KeptChoice"):
    """The setting `key` keeps `value`, with which the stack began, for the stack's life.

    `reason` says what another value would destroy, in whole sentences.
    """

    def __init__(
        self,
        name: str,
        *,
        key: str,
        value: str,
        reason: str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        props = {"key": key, "value": value, "reason": reason}
        super().__init__(KeptChoiceProvider(), name, props, opts)
