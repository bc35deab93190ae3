"""A rehearsal by the clock: AWS Backup restores database and files, and deletes them again."""

from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_aws import backup, iam

from components.aws.policy_document import assumed_by
from components.aws.surroundings import AwsSurroundings

_WINDOW_DAYS: Final = 7
"""Of which the newest backup is restored; where there is none, the test fails and says so."""
_START_WITHIN_HOURS: Final = 8
_KEPT_HOURS: Final = 4
"""What was restored stays for so long, to be looked at; then AWS Backup deletes it."""


@dataclass(frozen=True, kw_only=True)
class RestoreTestArgs:
    """`schedule` is in UTC, as AWS Backup takes it. `vault_arn` holds the backups."""

    surroundings: AwsSurroundings
    schedule: str
    vault_arn: pulumi.Input[str]
    database_arn: pulumi.Input[str]
    files_arn: pulumi.Input[str]


class RestoreTest(pulumi.ComponentResource):
    """One plan for both. It proves that the backups can be restored, and not what is in them."""

    role_arn: pulumi.Output[str]
    """By which the restores are made: their events name it."""

    def __init__(
        self, name: str, args: RestoreTestArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:aws:RestoreTest", name, None, opts)
        self._args = args
        self._children = pulumi.ResourceOptions(parent=self)
        self.role_arn = self._role()
        plan = backup.RestoreTestingPlan(
            args.surroundings.named("restore-test"),
            # Letters, digits and underscores only (API reference, RestoreTestingPlanForCreate).
            name=self._plain("restore_test"),
            schedule_expression=args.schedule,
            schedule_expression_timezone="UTC",
            start_window_hours=_START_WITHIN_HOURS,
            recovery_point_selection=backup.RestoreTestingPlanRecoveryPointSelectionArgs(
                algorithm="LATEST_WITHIN_WINDOW",
                include_vaults=[args.vault_arn],
                recovery_point_types=["SNAPSHOT"],
                selection_window_days=_WINDOW_DAYS,
            ),
            opts=self._children,
        )
        self._selection(plan, "database", "RDS", args.database_arn)
        self._selection(plan, "files", "EFS", args.files_arn)
        self.register_outputs({"roleArn": self.role_arn})

    def _plain(self, part: str) -> str:
        return f"{self._args.surroundings.cluster}_{part}".replace("-", "_")

    def _role(self) -> pulumi.Output[str]:
        surroundings = self._args.surroundings
        role = iam.Role(
            surroundings.named("restore-test"),
            description="AWS Backup restores database and files for a test",
            assume_role_policy=assumed_by(
                "backup.amazonaws.com",
                {"StringEquals": {"aws:SourceAccount": surroundings.account_id}},
            ),
            opts=self._children,
        )
        attachment = iam.RolePolicyAttachment(
            surroundings.named("restore-test"),
            role=role.name,
            policy_arn=surroundings.managed_policy_arn(
                "service-role/AWSBackupServiceRolePolicyForRestores"
            ),
            opts=self._children,
        )
        return pulumi.Output.all(role.arn, attachment.id).apply(lambda made: str(made[0]))

    def _selection(
        self, plan: "backup.RestoreTestingPlan", part: str, kind: str, arn: pulumi.Input[str]
    ) -> None:
        backup.RestoreTestingSelection(
            self._args.surroundings.named(f"restore-test-{part}"),
            name=self._plain(part),
            restore_testing_plan_name=plan.name,
            protected_resource_type=kind,
            protected_resource_arns=[arn],
            iam_role_arn=self.role_arn,
            validation_window_hours=_KEPT_HOURS,
            opts=self._children,
        )
