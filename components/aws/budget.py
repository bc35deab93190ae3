"""What the account may cost in a month, and who hears when it costs more."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_aws import budgets

from components.aws.surroundings import AwsSurroundings

_SPENT_PERCENT: Final = 80
_FORECAST_PERCENT: Final = 100


@dataclass(frozen=True, kw_only=True)
class BudgetArgs:
    """`emails` are told; where there are none, `topic_arn` is."""

    surroundings: AwsSurroundings
    monthly_usd: int
    emails: Sequence[str]
    topic_arn: pulumi.Input[str]


class Budget(pulumi.ComponentResource):
    """A word when 80 % is spent, and when the month is going to cost more than all of it.

    It counts the whole account: by tags it could count one stack, but only after somebody has made
    the tag one of billing's, and until then it would count nothing and say nothing.
    """

    budget_name: pulumi.Output[str]

    def __init__(
        self, name: str, args: BudgetArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:aws:Budget", name, None, opts)
        budget = budgets.Budget(
            args.surroundings.named("budget"),
            account_id=args.surroundings.account_id,
            budget_type="COST",
            time_unit="MONTHLY",
            limit_amount=str(args.monthly_usd),
            limit_unit="USD",
            notifications=[
                _told(args, "ACTUAL", _SPENT_PERCENT),
                _told(args, "FORECASTED", _FORECAST_PERCENT),
            ],
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.budget_name = budget.name
        self.register_outputs({"budgetName": self.budget_name})


def _told(args: BudgetArgs, kind: str, percent: int) -> "budgets.BudgetNotificationArgs":
    """People directly where their addresses are known: they have not to confirm anything."""
    return budgets.BudgetNotificationArgs(
        notification_type=kind,
        comparison_operator="GREATER_THAN",
        threshold=percent,
        threshold_type="PERCENTAGE",
        subscriber_email_addresses=list(args.emails),
        subscriber_sns_topic_arns=[] if args.emails else [args.topic_arn],
    )
