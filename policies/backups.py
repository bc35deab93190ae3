"""What is lost can be had back, for as long as the profile says; production is hard to delete."""

from collections.abc import Callable, Sequence

from policies import aws_types
from policies.places import expect, is_not_true, is_true, shown, value_at
from policies.rule import Fault, Inputs, Profile, Resource, Rule, StackRule, only

FEWEST_DAYS: dict[Profile, int] = {"local": 0, "dev": 1, "staging": 3, "prod": 7}
"""For which the database can be brought back to any second."""

_LOCKED = "Production is protected: set scipio:aws.protection to true."
_STAYS = "Set scipio:database.finalSnapshot to true."
_COPIES_STAY = "Set scipio:backup.deleteWithStack to false."


def rules(profile: Profile) -> tuple[Rule, ...]:
    """Of every profile, and of production."""
    retention = Rule(
        name="database-can-be-restored",
        promise="The database can be brought back to any second of the last days.",
        faults=_retention(FEWEST_DAYS[profile]),
    )
    return (retention, *(_PRODUCTION if profile == "prod" else ()))


def stack_rules(profile: Profile) -> tuple[StackRule, ...]:
    """Of production."""
    return _PRODUCTION_STACK if profile == "prod" else ()


def _retention(fewest: int) -> Callable[[str, Inputs], list[Fault]]:
    @only(aws_types.DATABASE)
    def faults(inputs: Inputs) -> list[Fault]:
        return expect(
            inputs,
            "backupRetentionPeriod",
            # Where nothing is said, nothing is kept.
            lambda days: (days or 0) >= fewest,
            f"Set scipio:database.backupRetentionDays to {fewest} or more.",
        )

    return faults


@only(aws_types.DATABASE)
def _database_lock(inputs: Inputs) -> list[Fault]:
    return [
        *expect(inputs, "deletionProtection", is_true, _LOCKED),
        *expect(inputs, "skipFinalSnapshot", is_not_true, _STAYS),
        *expect(inputs, "deleteAutomatedBackups", lambda value: value is False, _STAYS),
    ]


@only(aws_types.LOAD_BALANCER)
def _balancer_lock(inputs: Inputs) -> list[Fault]:
    if is_true(value_at(inputs, "internal")):
        return []
    return expect(inputs, "enableDeletionProtection", is_true, _LOCKED)


def _contents(type_: str, inputs: Inputs) -> list[Fault]:
    arguments = {
        aws_types.REPOSITORY: "forceDelete",
        aws_types.BUCKET: "forceDestroy",
        aws_types.BACKUP_VAULT: "forceDestroy",
    }
    if type_ not in arguments:
        return []
    change = _COPIES_STAY if type_ == aws_types.BACKUP_VAULT else _LOCKED
    return expect(inputs, arguments[type_], is_not_true, change)


@only(aws_types.SECRET)
def _secrets(inputs: Inputs) -> list[Fault]:
    return expect(
        inputs,
        "recoveryWindowInDays",
        # AWS keeps a deleted one for 30 days where nothing is said.
        lambda days: days is None or days >= 7,
        "Set scipio:secrets.recoveryDays to 7 or more.",
    )


def _files(resources: Sequence[Resource]) -> list[Fault]:
    """By a plan of AWS Backup, or by the file system's own."""
    if not any(each.type == aws_types.FILE_SYSTEM for each in resources):
        return []
    own = [
        value_at(each.inputs, "backupPolicy.status")
        for each in resources
        if each.type == aws_types.EFS_BACKUP
    ]
    if "ENABLED" in own or any(each.type == aws_types.BACKUP_PLAN for each in resources):
        return []
    return [
        Fault(
            place="backups of the shared files",
            seen=shown(own[0] if own else None),
            change="Set scipio:backup.enabled or scipio:files.dailyBackup to true.",
        )
    ]


_PRODUCTION = (
    Rule(
        name="database-is-hard-to-delete",
        promise="The database refuses to be deleted, and leaves a snapshot when it is.",
        faults=_database_lock,
    ),
    Rule(
        name="balancer-is-hard-to-delete",
        promise="The public load balancer refuses to be deleted.",
        faults=_balancer_lock,
    ),
    Rule(
        name="contents-are-not-deleted-unasked",
        promise="Images, logs and backups are not deleted with what they lie in.",
        faults=_contents,
    ),
    Rule(
        name="secrets-can-be-recovered",
        promise="A deleted secret can be brought back for a week at least.",
        faults=_secrets,
    ),
)

_PRODUCTION_STACK = (
    StackRule(
        name="shared-files-are-backed-up",
        promise="The shared files are backed up.",
        faults=_files,
    ),
)
