"""One stack of this project, driven through Pulumi's Automation API with the program inline.

Inline means: the program runs in this process, so no language host is needed, and `__main__.py`
calls the same function when an ordinary `pulumi up` runs it.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pulumi.automation import (
    LocalWorkspaceOptions,
    OpMap,
    PulumiCommand,
    Stack,
    create_or_select_stack,
    create_stack,
    select_stack,
)

from automation import backend, offline_preview, paths, plugins, pulumi_cli, state_files
from automation.engine_errors import explaining
from automation.one_at_a_time import one_at_a_time
from automation.paths import ROOT
from automation.program_ahead import ProgramAhead
from automation.progress import Progress
from automation.sdk_messages import leave_out_debug_messages
from components.program import Overrides, program
from contract.stack_outputs import StackOutputs
from settings.platforms import PlatformName
from settings.stack_file import STACK_FOLDER, secrets_provider

PROJECT = "scipio"

Counts = Mapping[str, int]
"""Operation → number of resources: `{"create": 3, "same": 20}`."""


def _counts(changes: OpMap) -> Counts:
    return {getattr(verb, "value", str(verb)): count for verb, count in changes.items()}


@dataclass(frozen=True, kw_only=True)
class Engine:
    """A Pulumi CLI with the plugins that the stack needs."""

    cli: PulumiCommand
    plugin_folders: tuple[Path, ...]
    project: Path = ROOT
    """Folder of `Pulumi.yaml`."""
    platform: PlatformName = "docker"
    """Whose place of the state it uses."""
    state: Path | None = None
    """Folder of an empty state; None: where the user keeps it, or a folder of ours."""
    before_program: Callable[[], None] = lambda: None
    """What the program waits for."""

    @classmethod
    def ensure(cls) -> "Engine":
        """An engine that can run the program; says where it came from when that took work."""
        cli = pulumi_cli.ensure()
        return cls(cli=cli, plugin_folders=tuple(plugins.ensure(cli.command)))

    @classmethod
    @contextmanager
    def offline(cls, stack: str) -> Iterator["Engine"]:
        """An engine for a preview of a stack on AWS that needs no account there.

        It works in a folder of its own, which is gone afterwards.
        """
        ahead = ProgramAhead()
        cli = pulumi_cli.ensure()
        folders = (offline_preview.ensure(), *plugins.dynamic(cli.command))
        with offline_preview.project(stack) as project:
            yield cls(
                cli=cli,
                plugin_folders=folders,
                project=project,
                state=project,
                before_program=ahead.wait,
            )

    def environment(self) -> dict[str, str]:
        """What the CLI and its plugins see besides this process's own environment."""
        variables = pulumi_cli.environment(self.cli)
        variables["PATH"] = plugins.path_with(list(self.plugin_folders), variables["PATH"])
        if self.state is not None:
            return variables | in_folder(self.state)
        return variables | backend.backend(self.platform, os.environ)

    def secrets_provider(self, stack: str) -> str:
        """What encrypts a stack that is made: its file's own, where it is to be kept."""
        named = secrets_provider(stack, self.project / STACK_FOLDER)
        return named if named and self.state is None else "passphrase"


def in_folder(state: Path) -> dict[str, str]:
    """A state in this folder, whatever the user has chosen for others."""
    return {
        "PULUMI_BACKEND_URL": state.as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": backend.LOCAL_PASSPHRASE,
    }


@dataclass(frozen=True, kw_only=True)
class LocalStack:
    """A stack that can be updated, destroyed and asked for its outputs."""

    name: str
    stack: Stack

    @classmethod
    def open(
        cls,
        name: str,
        engine: Engine,
        overrides: Overrides | None = None,
        *,
        may_make: bool = True,
    ) -> "LocalStack":
        """Select the stack, or make it, its secrets encrypted as its file says.

        With `may_make` false, for commands that only read, it is there. Raises
        `WrongPassphraseError` or `UpdateFailedError`.
        """
        variables = engine.environment()
        # The SDK runs its version check and `pulumi` itself with this process's variables.
        os.environ.update(variables)
        leave_out_debug_messages()
        opened = create_stack
        if engine.state is None:
            opened = create_or_select_stack if may_make else select_stack
            if may_make:
                backend.make_our_folder(os.environ)
                mend_our_folder()
        with (
            one_at_a_time(f"stack {name}"),
            explaining(f"Stack {name} cannot be opened", stack=name),
        ):
            stack = opened(
                stack_name=name,
                project_name=PROJECT,
                program=partial(_program, engine.before_program, overrides or {}),
                opts=LocalWorkspaceOptions(
                    work_dir=str(engine.project),
                    env_vars=variables,
                    pulumi_command=engine.cli,
                    secrets_provider=engine.secrets_provider(name),
                ),
            )
        return cls(name=name, stack=stack)

    def up(self, *, refresh: bool = True) -> Counts:
        """Bring the cluster to what the program says; visible all the time."""
        what = f"Stack {self.name} is not up"
        with Progress() as shown, explaining(what, shown.errors, made=True, stack=self.name):
            result = self.stack.up(on_event=shown.on_event, refresh=refresh)
        return _counts(result.summary.resource_changes or {})

    def destroy(self) -> None:
        """Remove every resource of the stack; the empty stack stays."""
        what = f"Stack {self.name} stays"
        with Progress() as shown, explaining(what, shown.errors, made=True, stack=self.name):
            # Asked first: without it, the engine deletes all but what is protected.
            self.stack.preview_destroy()
            self.stack.destroy(on_event=shown.on_event, refresh=True)

    def preview(self, *, refresh: bool = True) -> Counts:
        """Say and count the changes that `up` would make, by operation."""
        with Progress(planned=True) as shown, explaining("The preview stopped", shown.errors):
            result = self.stack.preview(on_event=shown.on_event, refresh=refresh)
        return _counts(result.change_summary)

    def outputs(self) -> StackOutputs:
        """What the last update said of the cluster. Raises `NotDeployedError`."""
        from automation.stack_state import StateReader

        reader = StateReader(
            stack=self.name, platform="docker", cli=self.stack.workspace.pulumi_command
        )
        return reader.outputs()


def mend_our_folder() -> None:
    """What a dead update left can be read, where the folder of this checkout is the one used."""
    if backend.uses_our_folder(os.environ) and paths.STATE.is_dir():
        state_files.mend(paths.STATE)


def _program(before: Callable[[], None], overrides: Overrides) -> None:
    before()
    program(overrides)
