"""Whatever keeps data keeps it encrypted, and with the stack's own key where there is one."""

from collections.abc import Sequence

from policies import aws_types
from policies.places import at, expect, is_set, is_true, shown, value_at
from policies.rule import Fault, Inputs, Resource, Rule, StackRule, only

_ALWAYS = "It must be true; no setting turns encryption off."


@only(aws_types.DATABASE)
def _database(inputs: Inputs) -> list[Fault]:
    return expect(inputs, "storageEncrypted", is_true, _ALWAYS)


@only(aws_types.FILE_SYSTEM)
def _files(inputs: Inputs) -> list[Fault]:
    return expect(inputs, "encrypted", is_true, _ALWAYS)


@only(aws_types.LAUNCH_TEMPLATE)
def _disks(inputs: Inputs) -> list[Fault]:
    if "blockDeviceMappings" not in inputs:
        # The image's own disk is as the image says, which may be unencrypted.
        return [
            Fault(place="blockDeviceMappings", seen="not set", change="Name the disk, encrypted.")
        ]
    return expect(inputs, "blockDeviceMappings[].ebs.encrypted", is_true, _ALWAYS)


def _buckets(resources: Sequence[Resource]) -> list[Fault]:
    buckets = sum(each.type == aws_types.BUCKET for each in resources)
    encrypted = sum(each.type == aws_types.BUCKET_ENCRYPTION for each in resources)
    if encrypted >= buckets:
        return []
    return [
        Fault(
            place="the stack's buckets",
            seen=f"{buckets}, of which {encrypted} say how they are encrypted",
            change="Give each a BucketServerSideEncryptionConfiguration.",
        )
    ]


_KEY_ARGUMENTS = {
    aws_types.BACKUP_VAULT: "kmsKeyArn",
    aws_types.DATABASE: "kmsKeyId",
    aws_types.FILE_SYSTEM: "kmsKeyId",
    aws_types.LAUNCH_TEMPLATE: "blockDeviceMappings[].ebs.kmsKeyId",
    aws_types.SECRET: "kmsKeyId",
}


def _own_key(resources: Sequence[Resource]) -> list[Fault]:
    """A stack that pays for a key and leaves one thing out has its data under two locks."""
    if not any(each.type == aws_types.KEY for each in resources):
        return []
    without = [
        (each, place, value)
        for each in resources
        for place, value in at(each.inputs, _KEY_ARGUMENTS.get(each.type, ""))
        if each.type in _KEY_ARGUMENTS and not is_set(value)
    ]
    return [
        Fault(
            place=f"{each.name}: {place}",
            seen=shown(value),
            change="The stack has a key of its own: use it, or set scipio:secrets.kmsKey to aws.",
        )
        for each, place, value in without
        if not (each.type == aws_types.BACKUP_VAULT and _has_vault_with_a_key(resources))
    ]


def _has_vault_with_a_key(resources: Sequence[Resource]) -> bool:
    """Then another one is that of the copies, in a region where the key does not exist."""
    path = _KEY_ARGUMENTS[aws_types.BACKUP_VAULT]
    return any(
        # What is not known yet is set.
        not list(at(each.inputs, path)) or is_set(value_at(each.inputs, path))
        for each in resources
        if each.type == aws_types.BACKUP_VAULT
    )


RULES = (
    Rule(
        name="database-is-encrypted",
        promise="The database's storage, its snapshots and its replicas are encrypted.",
        faults=_database,
    ),
    Rule(
        name="shared-files-are-encrypted",
        promise="The shared files are encrypted where they lie.",
        faults=_files,
    ),
    Rule(
        name="disks-are-encrypted",
        promise="Every disk of a server is named in its launch template, and encrypted.",
        faults=_disks,
    ),
)

STACK_RULES = (
    StackRule(
        name="buckets-are-encrypted",
        promise="Every bucket says how its objects are encrypted.",
        faults=_buckets,
    ),
    StackRule(
        name="own-key-is-used",
        promise="A stack with a key of its own encrypts all its data with it.",
        faults=_own_key,
    ),
)
