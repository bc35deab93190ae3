"""A stack whose resources are made in a double of AWS, and the double's own word on them."""

import json
from pathlib import Path
from typing import Any

from tests.engine.doubles.aws import account, leftovers
from tests.engine.doubles.aws.api import Api
from tests.engine.engine_stack import EngineStack


class AwsStack(EngineStack):
    """A stack in an account of its own."""

    def __init__(self, folder: Path, api: Api, name: str = "test") -> None:
        self.api = api
        self._account = api.path
        self._failures = folder / "failures"
        super().__init__(
            folder,
            project="scipio",
            name=name,
            environment={
                # The state is written at the end of an update, not at each of its steps.
                "PULUMI_EXPERIMENTAL": "true",
                "PULUMI_SKIP_CHECKPOINTS": "true",
                "AWS_DOUBLE_STATE": str(self._account),
                "AWS_DOUBLE_FAIL": str(self._failures),
                "AWS_DOUBLE_ACCOUNT_ID": "123456789012",
                # For what asks AWS itself, past the provider.
                **api.environment(),
            },
        )

    def things(self) -> list[dict[str, Any]]:
        """Everything that exists in the account."""
        if not self._account.exists():
            return []
        found: list[dict[str, Any]] = self._read()["things"]
        return found

    def of_type(self, suffix: str) -> list[dict[str, Any]]:
        """What exists of a type, by the end of its name."""
        return [thing for thing in self.things() if thing["type"].endswith(suffix)]

    def left(self) -> list[str]:
        """What deletions have left for a time: ids of snapshots and backups, names of secrets."""
        return [thing["id"] for thing in self._read()["left"]] if self._account.exists() else []

    def unreadable(self) -> list[str]:
        """Each thing that is still there and whose key is not, as a sentence."""
        text = self._account.read_text(encoding="utf-8") if self._account.exists() else ""
        return leftovers.unreadable(account.parsed(text))

    def exported_named(self, name: str, suffix: str) -> dict[str, Any]:
        """A resource of the state, by its logical name and the end of its type."""
        [found] = [
            each
            for each in self.exported()
            if each["type"].endswith(suffix) and each["urn"].endswith(f"::{name}")
        ]
        return found

    def fail_once(self, operation: str, type_: str, name: str) -> None:
        """The next such call in the account fails, and the one after it does not."""
        self._failures.write_text(f"{operation} {type_} {name}\n", encoding="utf-8")

    def fill(self, suffix: str) -> None:
        """Put something into each repository, bucket or vault of a type."""
        account = self._read()
        for thing in account["things"]:
            if thing["type"].endswith(suffix):
                thing["outputs"]["contents"] = 1
        self._account.write_text(json.dumps(account), encoding="utf-8")

    def _read(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self._account.read_text(encoding="utf-8"))
        return found
