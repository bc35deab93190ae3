"""Backups of database and files, taken together and kept in a vault."""

from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_aws import backup, iam

from components.aws.policy_document import assumed_by
from components.aws.surroundings import AwsSurroundings
from settings.aws.backup import Backup

_START_WITHIN_MIN: Final = 60
_COMPLETE_WITHIN_MIN: Final = 480
"""A first backup of many files takes hours."""


@dataclass(frozen=True, kw_only=True)
class BackupCopy:
    """Where copies go: `provider` is one of the other region.

    `key_arn` is a key of that region; None leaves encryption to Amazon's key for backups there.
    """

    provider: pulumi.ProviderResource
    key_arn: pulumi.Input[str] | None


@dataclass(frozen=True, kw_only=True)
class ClusterBackupArgs:
    """`database_arn` and `files_arn` are what is kept.

    `key_arn` is the stack's own key; None leaves encryption to Amazon's. `copy` is given where
    `settings.copy_region` is, and with a provider of that region.
    """

    surroundings: AwsSurroundings
    settings: Backup
    database_arn: pulumi.Input[str]
    files_arn: pulumi.Input[str]
    key_arn: pulumi.Input[str] | None
    copy: BackupCopy | None


class ClusterBackup(pulumi.ComponentResource):
    """A vault, a plan that fills it by the clock, and the role that may take backups.

    Rows name files, so a restore takes both from one run. Vaults and what is in them stay when the
    stack is destroyed, unless `settings.delete_with_stack` asks for the opposite.
    """

    vault_name: pulumi.Output[str]
    vault_arn: pulumi.Output[str]
    plan_id: pulumi.Output[str]
    copies_name: pulumi.Output[str] | None
    """Of the vault in the second region."""

    def __init__(
        self, name: str, args: ClusterBackupArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:aws:ClusterBackup", name, None, opts)
        self._args = args
        self._named = args.surroundings.named
        self._children = pulumi.ResourceOptions(parent=self)
        self.copies_name = None
        vault = self._vault("backup", args.key_arn, provider=None)
        plan = backup.Plan(self._named("backup"), rules=[self._rule(vault)], opts=self._children)
        self._selection(plan)
        self.vault_name = vault.name
        self.vault_arn = vault.arn
        self.plan_id = plan.id
        self.register_outputs({"vaultName": self.vault_name, "planId": self.plan_id})

    def _vault(
        self,
        part: str,
        key_arn: pulumi.Input[str] | None,
        provider: pulumi.ProviderResource | None,
    ) -> "backup.Vault":
        goes = self._args.settings.delete_with_stack
        return backup.Vault(
            self._named(part),
            kms_key_arn=key_arn,
            force_destroy=goes,
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=self._args.surroundings.protect,
                retain_on_delete=not goes,
                # The key is that of its first day: another one would be another vault.
                ignore_changes=["kmsKeyArn"],
                provider=provider,
            ),
        )

    def _rule(self, vault: "backup.Vault") -> "backup.PlanRuleArgs":
        settings, copy = self._args.settings, self._args.copy
        return backup.PlanRuleArgs(
            rule_name="database-and-files",
            target_vault_name=vault.name,
            schedule=settings.schedule,
            schedule_expression_timezone="UTC",
            start_window=_START_WITHIN_MIN,
            completion_window=_COMPLETE_WITHIN_MIN,
            lifecycle=backup.PlanRuleLifecycleArgs(delete_after=settings.retention_days),
            # To a moment one goes back by RDS's own backups; two owners would fight over them.
            enable_continuous_backup=False,
            copy_actions=[] if copy is None else [self._copied(copy)],
        )

    def _copied(self, copy: BackupCopy) -> "backup.PlanRuleCopyActionArgs":
        vault = self._vault("backup-copy", copy.key_arn, copy.provider)
        self.copies_name = vault.name
        return backup.PlanRuleCopyActionArgs(
            destination_vault_arn=vault.arn,
            lifecycle=backup.PlanRuleCopyActionLifecycleArgs(
                delete_after=self._args.settings.copy_retention_days
            ),
        )

    def _selection(self, plan: "backup.Plan") -> None:
        role = iam.Role(
            self._named("backup"),
            description="AWS Backup reads database and files of the cluster",
            assume_role_policy=assumed_by(
                "backup.amazonaws.com",
                {"StringEquals": {"aws:SourceAccount": self._args.surroundings.account_id}},
            ),
            opts=self._children,
        )
        # To take backups and no more: a restore is made by a person, with a role of its own.
        attachment = iam.RolePolicyAttachment(
            self._named("backup"),
            role=role.name,
            policy_arn=self._args.surroundings.managed_policy_arn(
                "service-role/AWSBackupServiceRolePolicyForBackup"
            ),
            opts=self._children,
        )
        backup.Selection(
            self._named("backup"),
            plan_id=plan.id,
            iam_role_arn=role.arn,
            resources=[self._args.database_arn, self._args.files_arn],
            opts=pulumi.ResourceOptions(parent=self, depends_on=[attachment]),
        )
