"""What AWS keeps of a resource that is deleted, and whether it can still be read."""

from tests.engine.doubles.aws.account import Account, Thing
from tests.engine.doubles.aws.codec import leaves


def leave(account: Account, thing: Thing) -> None:
    """Note what outlives the deletion, and a key that decrypts nothing from now on."""
    inputs = thing.inputs
    if thing.type == "aws:kms/key:Key":
        account.ending_keys.append(str(thing.outputs["arn"]))
    if thing.type == "aws:rds/instance:Instance":
        if not inputs.get("skipFinalSnapshot"):
            account.left.append(_kept(thing, str(inputs["finalSnapshotIdentifier"])))
        if inputs.get("deleteAutomatedBackups") is False:
            account.left.append(_kept(thing, f"{thing.outputs['identifier']}: automated backups"))
    # Without a window said, it is one of 30 days (API reference, DeleteSecret).
    if thing.type == "aws:secretsmanager/secret:Secret" and inputs.get("recoveryWindowInDays", 30):
        account.left.append(_kept(thing, str(thing.outputs["name"])))


def unreadable(account: Account) -> list[str]:
    """Each thing that is still there and encrypted with a key that is not."""
    gone = set(account.ending_keys)
    return [
        f"{thing.id} of {thing.name} is encrypted with {key}, which waits for its deletion"
        for thing in (*account.things, *account.left)
        for key in sorted(gone & {leaf for leaf in leaves(thing.inputs) if isinstance(leaf, str)})
    ]


def _kept(of: Thing, id_: str) -> Thing:
    return Thing(type=of.type, id=id_, name=of.name, inputs=of.inputs, outputs=of.outputs)
