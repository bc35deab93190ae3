"""What the emulator lacks of AWS, attribute by attribute; a test holds that each entry is true."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Gap:
    """One argument of one of Terraform's types, or the whole type."""

    type: str
    attribute: str | None
    """None: the emulator has nothing of the kind at all."""
    why: str
    beside: str = ""
    """Only where this argument is given too; empty: wherever the attribute is."""
    unwritten: bool = False
    """The program does not write the attribute: the provider does, or the emulator makes it up."""

    def is_of(self, arguments: Mapping[str, Any]) -> bool:
        """Whether a resource of the type, with these arguments, runs into it."""
        if self.beside and self.beside not in arguments:
            return False
        if self.attribute is None or self.unwritten:
            return self.attribute not in arguments
        return bool(arguments.get(self.attribute))


Gaps = tuple[Gap, ...]

NOT_MADE: Gaps = (
    Gap(
        "aws_budgets_budget",
        None,
        "Moto has neither DescribeSubscribersForNotification nor a budget's ListTagsForResource",
    ),
    Gap("aws_efs_backup_policy", None, "Moto has no PutBackupPolicy"),
    Gap("aws_backup_selection", None, "Moto has no CreateBackupSelection"),
    Gap("aws_backup_restore_testing_plan", None, "Moto has no CreateRestoreTestingPlan"),
    Gap("aws_backup_restore_testing_selection", None, "and no plan that it could be of"),
)
"""Left out of what the emulator is asked for; validated and planned all the same."""

NOT_READ_BACK: Gaps = (
    Gap("aws_autoscaling_group", "default_instance_warmup", "Moto does not take it"),
    Gap("aws_autoscaling_group", "instance_maintenance_policy", "Moto does not take it"),
    *(
        Gap("aws_autoscaling_lifecycle_hook", each, "Moto says those of an example", unwritten=True)
        for each in ("notification_target_arn", "role_arn")
    ),
    Gap("aws_autoscaling_policy", "enabled", "Moto has nothing of the kind", unwritten=True),
    Gap(
        "aws_autoscaling_policy",
        "predictive_scaling_configuration",
        "Moto says an empty one",
        unwritten=True,
    ),
    *(
        Gap(
            f"aws_backup_{each}",
            "tags_all",
            "Moto finds the name of whose tags are asked only before a slash, as boto3 writes it",
            unwritten=True,
        )
        for each in ("plan", "vault")
    ),
    *(
        Gap("aws_db_instance", each, "Moto takes it and never says it again")
        for each in (
            "engine_lifecycle_support",
            "performance_insights_enabled",
            "performance_insights_retention_period",
        )
    ),
    Gap("aws_db_parameter_group", "parameter", "Moto does not say whose a parameter is (Source)"),
    Gap(
        "aws_launch_template",
        "tag_specifications",
        "Moto adds the template's own tags to those of what is launched",
    ),
    *(
        Gap(
            f"aws_vpc_security_group_{way}_rule",
            "description",
            "Moto says it for ranges of addresses alone, not for groups",
            beside="referenced_security_group_id",
        )
        for way in ("ingress", "egress")
    ),
)
"""Written, and a difference when it is read back is nothing."""


def met(
    gaps: Gaps, resources: Mapping[str, Mapping[str, Mapping[str, Any]]]
) -> Iterator[tuple[str, Gap]]:
    """`type.label` and the gap, for every resource that runs into one."""
    for gap in gaps:
        for name, arguments in resources.get(gap.type, {}).items():
            if gap.is_of(arguments):
                yield f"{gap.type}.{name}", gap
