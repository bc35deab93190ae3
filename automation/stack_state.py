"""What a state says of a stack, read past the stack: nothing is selected, opened or written.

`pulumi stack export` and `pulumi stack output` need neither a passphrase nor a KMS key for what is
no secret, and leave stack files as they are.
"""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pulumi.automation import PulumiCommand, StackNotFoundError
from pydantic import ValidationError

from automation import backend, paths, pulumi_cli
from automation.engine_errors import explaining
from automation.errors import NotDeployedError, UnreadableStateError
from contract.labels import STATE_MARK_TYPE
from contract.stack_outputs import StackOutputs
from contract.state_place import state_place
from settings.platforms import PlatformName


@dataclass(frozen=True, kw_only=True)
class StackState:
    """A stack as one state has it. `place` says for people where that state is."""

    place: str
    exists: bool
    mark: str | None
    """Of the state; None where it has made nothing in Docker yet."""
    known: frozenset[str]
    """Ids and physical names of all resources, half-made ones included."""
    in_docker: frozenset[str] = frozenset()
    """Those of them that are containers, networks and volumes."""

    @classmethod
    def of(cls, place: str, deployment: Mapping[str, Any] | None) -> "StackState":
        """`deployment` is what `pulumi stack export` prints below that key; None: no such stack."""
        resources: Iterable[Mapping[str, Any]] = (deployment or {}).get("resources") or ()
        mark: str | None = None
        known: set[str] = set()
        in_docker: set[str] = set()
        for resource in resources:
            outputs = resource.get("outputs") or {}
            if str(resource.get("type", "")).endswith(f":{STATE_MARK_TYPE}"):
                mark = str(outputs["value"]) if "value" in outputs else None
            names = {str(resource.get("id", "")), str(outputs.get("name", ""))} - {""}
            known |= names
            if str(resource.get("type", "")).startswith("docker:") and _kept_in_docker(resource):
                in_docker |= names
        return cls(
            place=place,
            exists=deployment is not None,
            mark=mark,
            known=frozenset(known),
            in_docker=frozenset(in_docker),
        )


def _kept_in_docker(resource: Mapping[str, Any]) -> bool:
    """Images are not asked for: they stay, and may be removed at any time."""
    return str(resource["type"]).endswith((":Container", ":Network", ":Volume"))


@dataclass(frozen=True, kw_only=True)
class StateReader:
    """Reads one stack in the state that its platform's commands use."""

    stack: str
    platform: PlatformName
    cli: PulumiCommand

    @classmethod
    def of(cls, stack: str, platform: PlatformName) -> "StateReader":
        """A reader with a CLI, which is found, installed or built."""
        return cls(stack=stack, platform=platform, cli=pulumi_cli.ensure())

    def state(self) -> StackState:
        """All of it. Raises `UpdateFailedError` when it cannot be read."""
        printed = self._ask("export")
        deployment = None if printed is None else json.loads(printed).get("deployment") or {}
        return StackState.of(self.place, deployment)

    def outputs(self) -> StackOutputs:
        """What the last update said of the cluster.

        Raises `NotDeployedError`, or `UnreadableStateError` for the words of another version.
        """
        try:
            return StackOutputs.model_validate(self._output("cluster"))
        except ValidationError as error:
            raise UnreadableStateError(
                f"Stack {self.stack}: its output `cluster` does not have the form that this "
                f"version reads ({error.error_count()} faults, the first: "
                f"{error.errors()[0]['msg']}). Another version wrote it, or it is damaged: another "
                "update writes it anew."
            ) from error

    def colours(self) -> dict[str, Any]:
        """The output `colours`. Raises `NotDeployedError`."""
        found: dict[str, Any] = self._output("colours")
        return found

    def administrator_password(self) -> str:
        """Of a stack on this machine. Raises `NotDeployedError`, `WrongPassphraseError`."""
        return str(self._output("administratorPassword", "--show-secrets"))

    @property
    def place(self) -> str:
        """Where the state is, for people."""
        return state_place({**os.environ, **self.variables()})

    def variables(self) -> dict[str, str]:
        """What the CLI needs beside this process's own environment."""
        chosen = backend.backend(self.platform, os.environ)
        return {**pulumi_cli.environment(self.cli), **chosen}

    def _output(self, name: str, *options: str) -> Any:
        printed = self._ask("output", "--json", *options)
        values = {} if printed is None else json.loads(printed)
        if name not in values:
            raise NotDeployedError(self._not_up())
        return values[name]

    def _not_up(self) -> str:
        here = f"Stack {self.stack} is not up: the state at {self.place} has no outputs of it."
        if self.platform == "aws":
            return (
                f"{here} `pulumi up -s {self.stack}` brings it up; if another state has it, "
                "`pulumi login` there or set PULUMI_BACKEND_URL."
            )
        argument = "" if self.stack == "local" else f" STACK={self.stack}"
        return (
            f"{here} `make up{argument}` brings it up; if another state has it, set "
            "PULUMI_BACKEND_URL to that."
        )

    def _ask(self, *words: str) -> str | None:
        """What `pulumi stack …` prints; None when the state has no such stack."""
        variables = self.variables()
        if self._is_our_folder_and_missing():
            return None
        command = ["stack", *words, "--stack", self.stack]
        with explaining(f"Stack {self.stack} cannot be read{self._chosen()}"):
            try:
                return self.cli.run(command, str(paths.ROOT), variables).stdout
            except StackNotFoundError:
                return None

    def _chosen(self) -> str:
        """Which state was asked and what named it; nothing for the checkout's own folder."""
        if os.environ.get("PULUMI_BACKEND_URL"):
            ways = "PULUMI_BACKEND_URL names it; give another, or unset it"
        elif self.platform == "aws":
            ways = "the last `pulumi login` named it; log in again, or set PULUMI_BACKEND_URL"
        else:
            return ""
        return f" from the state at {self.place} ({ways})"

    def _is_our_folder_and_missing(self) -> bool:
        """The CLI would call it an error; making it is for commands that write."""
        ours = self.platform == "docker" and backend.uses_our_folder(os.environ)
        return ours and not paths.STATE.is_dir()
