"""Everything that exists in the account: a file that several provider processes share."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.engine.doubles.aws.errors import NotServedError

STATE_VARIABLE = "AWS_DOUBLE_STATE"
"""Path of the account's file; without it nothing can be made, only previewed."""


PARTS = {"aws:autoscaling/group:Group": "autoscalingGroupName"}
"""What AWS deletes with a resource: whatever names it in this argument."""


@dataclass
class Thing:
    """One resource as AWS has it. Secrets are in clear here: AWS knows them too."""

    type: str
    id: str
    name: str
    """The logical name in the program, for messages."""
    inputs: dict[str, Any]
    outputs: dict[str, Any]
    earlier: list[dict[str, Any]] = field(default_factory=list)
    """Its inputs before each change, the first ones first: launch templates keep old versions."""


@dataclass
class Account:
    """All resources by type and id, and what AWS remembers of those that are gone."""

    things: list[Thing] = field(default_factory=list)
    deleted_ids: list[str] = field(default_factory=list)
    reserved_names: list[str] = field(default_factory=list)
    """Names of deleted secrets, which stay taken for their recovery window."""
    life: dict[str, Any] = field(default_factory=dict)
    """What goes on by itself: `doubles.aws.fleet` and `doubles.aws.visitors` keep it."""
    left: list[Thing] = field(default_factory=list)
    """What a deletion leaves for a time: last snapshots, automated backups, deleted secrets."""
    ending_keys: list[str] = field(default_factory=list)
    """ARNs of keys that wait for their deletion: they decrypt nothing from then on."""

    def find(self, type_: str, id_: str) -> Thing | None:
        """The one of that type and id."""
        return next((t for t in self.things if t.type == type_ and t.id == id_), None)

    def of_type(self, type_: str) -> list[Thing]:
        """All of a type."""
        return [thing for thing in self.things if thing.type == type_]

    def remove(self, thing: Thing) -> None:
        """It is gone with all that is part of it, and its id never comes back."""
        argument = PARTS.get(thing.type)
        parts = [each for each in self.things if argument and each.inputs.get(argument) == thing.id]
        for gone in (thing, *parts):
            self.things.remove(gone)
            self.deleted_ids.append(gone.id)


@contextmanager
def locked(path: Path | None = None) -> Iterator[Account]:
    """The account, for one change; written back unless the change was refused."""
    path = path or state_file()
    with path.open("a+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        account = parsed(file.read())
        yield account
        file.seek(0)
        file.truncate()
        # `json.dump` would write it piece by piece, ten times as slowly.
        file.write(json.dumps(_plain(account)))
        file.flush()


def seen() -> Account:
    """The account as it is; an empty one where there is no file."""
    if STATE_VARIABLE not in os.environ:
        return Account()
    path = state_file()
    if not path.exists():
        return Account()
    with path.open(encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        return parsed(file.read())


def state_file() -> Path:
    """Where the account is kept."""
    if STATE_VARIABLE not in os.environ:
        raise NotServedError(
            "This is a double of AWS for previews: nothing can be made, changed or deleted with it."
        )
    return Path(os.environ[STATE_VARIABLE])


def parsed(text: str) -> Account:
    """The account that a file holds; an empty one for an empty file."""
    if not text:
        return Account()
    found = json.loads(text)
    return Account(
        things=[Thing(**thing) for thing in found["things"]],
        deleted_ids=found["deleted_ids"],
        reserved_names=found["reserved_names"],
        life=found["life"],
        left=[Thing(**thing) for thing in found["left"]],
        ending_keys=found["ending_keys"],
    )


def _plain(account: Account) -> dict[str, Any]:
    return {
        "things": [vars(thing) for thing in account.things],
        "deleted_ids": account.deleted_ids,
        "reserved_names": account.reserved_names,
        "life": account.life,
        "left": [vars(thing) for thing in account.left],
        "ending_keys": account.ending_keys,
    }
