"""One stack of the real engine: run it, and read what the engine did from its events."""

import gc
import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pulumi import automation
from pulumi.automation import EngineEvent, LocalWorkspaceOptions, OpType

from automation.sdk_messages import leave_out_debug_messages

Program = Callable[[], None]

QUIET = (OpType.SAME, OpType.READ, OpType.REFRESH)


@dataclass
class Run:
    """What one run did."""

    events: list[EngineEvent] = field(default_factory=list)
    outputs: dict[str, Any] = field(default_factory=dict)
    error: str = ""
    log: str = field(default="", repr=False)
    """What a person would have read."""

    @property
    def changed(self) -> set[tuple[str, str]]:
        """Type and logical name of everything that was touched, without what is untouched."""
        steps = (event.resource_pre_event for event in self.events)
        return {
            (step.metadata.type, step.metadata.urn.split("::")[-1])
            for step in steps
            if step is not None
            and step.metadata.op not in QUIET
            and not _is_engines_own(step.metadata.urn)
        }

    @property
    def steps(self) -> dict[str, list[str]]:
        """Logical name → the operations on it, in order; untouched resources are not in it."""
        found: dict[str, list[str]] = {}
        for event in self.events:
            if event.resource_pre_event:
                step = event.resource_pre_event.metadata
                if step.op not in QUIET and not _is_engines_own(step.urn):
                    found.setdefault(step.urn.split("::")[-1], []).append(step.op.value)
        return found

    @property
    def summary(self) -> Counter[str]:
        """How many resources each operation was counted for, `same` left out."""
        changes: Counter[str] = Counter()
        for event in self.events:
            if event.summary_event:
                counted = event.summary_event.resource_changes
                changes.update({str(op): n for op, n in counted.items() if op not in QUIET})
        return changes

    @property
    def messages(self) -> list[tuple[str, bool, str]]:
        """Severity, whether it was only a status, and text, of everything said."""
        return [
            (said.severity, bool(said.ephemeral), said.message)
            for said in (event.diagnostic_event for event in self.events)
            if said is not None
        ]

    @property
    def violations(self) -> list[str]:
        """What policies found: the policy's name, a colon and its message."""
        return [
            f"{found.policy_name}: {found.message}"
            for found in (event.policy_event for event in self.events)
            if found is not None
        ]

    def said(self, text: str) -> list[tuple[str, bool, str]]:
        """The messages with a text in them."""
        return [message for message in self.messages if text in message[2]]


class EngineStack:
    """A stack over a state in a folder."""

    def __init__(
        self,
        folder: Path,
        project: str,
        name: str = "test",
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder
        state = folder / "state"
        state.mkdir()
        leave_out_debug_messages()
        self._stack = automation.create_stack(
            stack_name=name,
            project_name=project,
            program=_nothing,
            opts=LocalWorkspaceOptions(
                pulumi_home=str(folder / "home"),
                env_vars={
                    "PULUMI_BACKEND_URL": state.as_uri(),
                    "PULUMI_CONFIG_PASSPHRASE": "only for this test",
                    "PULUMI_SKIP_UPDATE_CHECK": "true",
                    "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
                    **(environment or {}),
                },
            ),
        )

    def up(
        self,
        program: Program,
        *,
        refresh: bool = False,
        on_event: Callable[[EngineEvent], None] | None = None,
    ) -> Run:
        """Run it; an error of the run is in the result."""
        self._stack.workspace.program = program
        run = Run()

        def keep(event: EngineEvent) -> None:
            run.events.append(event)
            if on_event is not None:
                on_event(event)

        def say(line: str) -> None:
            run.log += f"{line}\n"

        try:
            result = self._stack.up(
                on_event=keep, on_output=say, refresh=refresh, suppress_progress=True
            )
            run.outputs = {key: output.value for key, output in result.outputs.items()}
        except automation.CommandError as error:
            run.error = str(error)
        # The SDK leaves the coroutines of a stopped program behind. Collected at some later
        # moment, inside Python's compiler say, their end breaks what runs then.
        gc.collect()
        return run

    def preview(self, program: Program, *, policy_pack: Path | None = None) -> Run:
        """What `up` would do; an error of the run is in the result."""
        self._stack.workspace.program = program
        run = Run()
        try:
            self._stack.preview(
                on_event=run.events.append,
                suppress_progress=True,
                policy_packs=[str(policy_pack)] if policy_pack else None,
            )
        except automation.CommandError as error:
            run.error = str(error)
        gc.collect()
        return run

    def preview_destroy(self) -> Run:
        """What `destroy` would do; an error of the run is in the result."""
        run = Run()
        try:
            self._stack.preview_destroy(on_event=run.events.append, suppress_progress=True)
        except automation.CommandError as error:
            run.error = str(error)
        return run

    def destroy(self) -> Run:
        """Remove everything of the state."""
        run = Run()
        try:
            self._stack.destroy(on_event=run.events.append, suppress_progress=True)
        except automation.CommandError as error:
            run.error = str(error)
        return run

    def state_on_disk(self) -> str:
        """Everything the engine keeps: checkpoints, their backups and the history."""
        files = [file for file in (self.folder / "state").rglob("*") if file.is_file()]
        return "\n".join(file.read_text(errors="replace") for file in files)

    def exported(self) -> list[dict[str, Any]]:
        """The resources of the state as `pulumi stack export` shows them, secrets encrypted.

        The SDK's own export opens them.
        """
        file = next(
            (self.folder / "state" / ".pulumi" / "stacks").rglob(f"{self._stack.name}.json")
        )
        checkpoint = json.loads(file.read_text(encoding="utf-8"))["checkpoint"]
        resources: list[dict[str, Any]] = checkpoint["latest"].get("resources", [])
        return resources

    def set_config(self, key: str, value: str) -> None:
        """One value of the stack's configuration."""
        self._stack.set_config(key, automation.ConfigValue(value))

    def set_all_config(self, values: Mapping[str, object]) -> None:
        """Values as a stack file has them: the engine hands over what is structured as JSON."""
        texts = {
            key: value if isinstance(value, str) else json.dumps(value)
            for key, value in values.items()
        }
        self._stack.set_all_config(
            {key: automation.ConfigValue(text) for key, text in texts.items()}
        )


def _is_engines_own(urn: str) -> bool:
    """The stack itself and the provider it uses."""
    return urn.split("::")[2].rsplit("$", maxsplit=1)[-1].startswith("pulumi:")


def _nothing() -> None:
    """A program without resources."""
