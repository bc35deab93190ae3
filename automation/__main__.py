"""The project's commands; the Makefile has a word for each.

What only some of them need (Docker's client, the packing of the ERP, the checks) is imported by
those alone: a preview must not wait for it.
"""

import json
import os
import shlex
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import typer

from account.errors import AccountError
from automation import offline_preview, paths, pulumi_cli, tools_for
from automation.console import console, say
from automation.errors import (
    AutomationError,
    MachineError,
    MissingArgumentError,
    NotDeployedError,
    UnknownCheckNameError,
)
from automation.interrupt import left_to_the_engine
from automation.local_stack import Counts, Engine, LocalStack, mend_our_folder
from automation.loopback import reach_directly
from automation.machine_errors import sentence_for
from automation.overrides import parse_overrides
from automation.stack_state import StateReader
from automation.words import platform_for
from contract.stack_outputs import StackOutputs
from contract.terminal import replace_what_cannot_be_shown
from scipio_tree.errors import TreeError
from settings.aws.settings import AwsSettings
from settings.cluster_document import aws_cluster_of, cluster_of
from settings.config_keys import Overrides
from settings.errors import SettingsError
from settings.models import Settings
from settings.stack_file import STACK_FOLDER, load_stack

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)

INTERRUPTED = 130

StackName = Annotated[str, typer.Option("--stack", help="Name of a file stacks/Pulumi.NAME.yaml.")]
Override = Annotated[
    list[str] | None,
    typer.Option("--set", help="One setting for this run alone, e.g. nodes.count=3."),
]
Confirmed = Annotated[
    str | None, typer.Option("--confirm", help="The stack's name: what it has may go.")
]


@app.command()
def up(stack: StackName = "local", override: Override = None, check: bool = True) -> None:
    """Bring the cluster up, show what runs, and check that it keeps its promises."""
    from automation import (
        artifacts,
        base_image,
        docker_engine,
        home_image,
        leftovers,
        ports,
        summary,
    )

    platform_for("up", stack)
    overrides: Overrides = parse_overrides(override or [])
    settings = _local_settings(stack, overrides)
    engine = docker_engine.ensure()
    cluster = cluster_of(stack)
    # What can be refused is refused before the first thing that takes minutes.
    ports.check(_published(settings), ours=ports.published_by(engine, cluster=cluster))
    tree = home_image.tree_of(settings)
    pulumi = Engine.ensure()
    mend_our_folder()
    reader = StateReader(stack=stack, platform="docker", cli=pulumi.cli)
    leftovers.refuse_others(engine, cluster, stack, reader.state())
    overrides = home_image.with_image_of(tree, engine, overrides)
    base_image.ensure(engine)
    artifacts.ensure_java()
    artifacts.ensure_python(engine)
    # The program runs while the update holds the state's lock: no other one is under way.
    sweeping = replace(
        pulumi, before_program=partial(leftovers.sweep, engine, cluster, reader.state)
    )
    local = LocalStack.open(stack, sweeping, overrides)
    with left_to_the_engine():
        changes = local.up()
    _say_changes(changes)
    outputs = reader.outputs()
    summary.show(engine, outputs, stack)
    if check:
        _check(outputs, faults=False, as_json=False, only=[])


@app.command()
def down(
    stack: StackName = "local",
    confirm: Confirmed = None,
    forgotten: Annotated[
        Literal["yes"] | None,
        typer.Option("--forgotten", help="What this state did not make, and only that."),
    ] = None,
) -> None:
    """Remove everything that `up` made, once it is confirmed."""
    from automation import docker_engine
    from automation.teardown import Teardown

    platform_for("down", stack)
    engine = docker_engine.ensure()
    pulumi = Engine.ensure()
    mend_our_folder()
    there = Teardown.of(stack, engine, pulumi)
    if forgotten:
        there.forgotten(confirm)
    else:
        there.own_cluster(confirm)


@app.command()
def release(
    stack: StackName = "prod",
    confirm: Confirmed = None,
    ignore_alarms: Annotated[
        bool, typer.Option("--ignore-alarms", help="For the release that mends an outage.")
    ] = False,
) -> None:
    """Update a stack on AWS, and wait until its servers are replaced or taken back."""
    from automation.confirmation import confirm as confirmed

    reader = _reader("release", stack)
    if not reader.state().exists:
        raise NotDeployedError(
            f"No state at {reader.place} has stack {stack}: `pulumi up -s {stack}` makes it."
        )
    overrides: Overrides = {"release": {"ignoreAlarms": True}} if ignore_alarms else {}
    engine = replace(Engine.ensure(), platform="aws")
    opened = LocalStack.open(stack, engine, overrides, may_make=False)
    _say_changes(opened.preview(refresh=False))
    alarms = "while alarms ring, too" if ignore_alarms else "called off by alarms"
    confirmed(stack, f"These changes are made in {stack}, {alarms}.", confirm, to="make them")
    with left_to_the_engine():
        _say_changes(opened.up(refresh=False))


@app.command()
def colours(stack: StackName = "local") -> None:
    """Show who gets new visitors, and whether the other colour is left."""
    from automation import colours as table

    table.show(stack, _reader("colours", stack).colours())


@app.command()
def unlock(stack: StackName = "local", confirm: Confirmed = None) -> None:
    """Take away the lock that an update left which ended in the middle, once it is confirmed."""
    from automation.unlock import Unlocking

    reader = _reader("unlock", stack)
    mend_our_folder()
    Unlocking(reader=reader).unlock(confirm)


@app.command()
def preview(stack: StackName = "local", override: Override = None) -> None:
    """Show what `up` would change."""
    platform_for("preview", stack)
    overrides: Overrides = parse_overrides(override or [])
    settings = load_stack(stack, paths.ROOT / STACK_FOLDER, overrides)
    if isinstance(settings, Settings):
        from automation import docker_engine, home_image

        engine = docker_engine.ensure()
        tree = home_image.tree_of(settings)
        overrides = home_image.with_image_of(tree, engine, overrides)
        _preview_on_this_machine(stack, overrides)
        return
    say(f"Stack {stack} as a first update would make it; a double answers in the place of AWS.")
    with Engine.offline(stack) as offline:
        _say_changes(LocalStack.open(stack, offline, overrides).preview(refresh=False))


@app.command()
def preflight(stack: StackName = "local", override: Override = None) -> None:
    """Ask the account on AWS whether it has what the stack needs; nothing is changed."""
    from account.preflight import Preflight
    from account.session import Aws
    from account.table import print_findings
    from automation.planned import planned

    settings, cluster = _aws_settings("preflight", stack, override)
    say(f"Stack {stack} as a first update would make it is held against the account.")
    questions = Preflight(
        aws=Aws(settings.aws.region),
        plan=planned(stack, parse_overrides(override or [])),
        settings=settings,
        cluster=cluster,
        now=datetime.now(tz=UTC),
    )
    findings = list(questions.findings())
    print_findings(f"Stack {stack}, {settings.aws.region}", findings, console)
    if any(each.verdict == "lacks" for each in findings):
        raise typer.Exit(1)


@app.command()
def permissions(
    stack: StackName = "local",
    folder: Annotated[
        Path | None, typer.Option(help="Write one file a policy in here, and print none.")
    ] = None,
) -> None:
    """Print the IAM policies that a deployer of the stack needs, as JSON: name and document."""
    from account.deployer_policy import Place, policies
    from automation.planned import planned

    console.stderr = True
    settings, cluster = _aws_settings("permissions", stack, None)
    found = policies(planned(stack), Place.of(settings, cluster))
    if folder is None:
        print(json.dumps(found, indent=2))
        return
    folder.mkdir(parents=True, exist_ok=True)
    for name, document in found.items():
        path = folder / f"{name}.json"
        path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
        say(f"{path}")


@app.command()
def check(
    stack: StackName = "local",
    faults: Annotated[bool, typer.Option(help="Also kill a broker and a node.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
    only: Annotated[list[str] | None, typer.Option(help="Names of checks to run.")] = None,
) -> None:
    """Run the acceptance checks against the running cluster."""
    # What is said on the way must not get into what a machine reads.
    console.stderr = as_json
    found = _reader("faults" if faults else "check", stack).outputs()
    _check(found, faults=faults, as_json=as_json, only=only or [])


@app.command()
def outputs(stack: StackName = "local") -> None:
    """Print the stack's outputs as JSON."""
    console.stderr = True
    found = _reader("outputs", stack).outputs()
    print(found.model_dump_json(indent=2, ensure_ascii=True))


@app.command()
def password(stack: StackName = "local") -> None:
    """Print the password of the ERP's administrator, the user `admin`."""
    console.stderr = True
    print(_reader("password", stack).administrator_password())


@app.command()
def engine() -> None:
    """Find, install or build the Pulumi CLI, and say which one it is."""
    found = pulumi_cli.ensure()
    say(f"Pulumi CLI {found.version}: {found.command}")
    if shutil.which("pulumi") is None:
        folder = shlex.quote(str(Path(found.command).parent))
        say(f"For commands that begin with `pulumi`: export PATH={folder}:$PATH")


@app.command("artifacts")
def make_artifacts() -> None:
    """Make what the images are built from: jars and Python packages."""
    from automation import artifacts, docker_engine

    artifacts.ensure_java()
    artifacts.ensure_python(docker_engine.ensure())


@app.command()
def image(
    home: Annotated[Path | None, typer.Option(help="A built Scipio tree.")] = None,
    tag: Annotated[
        str | None, typer.Option(help="Name of the image; else it says what is in it.")
    ] = None,
) -> None:
    """Make a node's image of your own built Scipio tree."""
    from automation import docker_engine, home_image
    from settings.routing import default_routing_rules

    if home is None:
        raise MissingArgumentError(
            "HOME_DIR is missing: `make image HOME_DIR=/path/of/your/built/tree [TAG=name:tag]`."
        )
    tree = home_image.inspected(home, default_routing_rules())
    built = home_image.pack(tree, docker_engine.ensure(), tag)
    say(f'In the stack file: scipio:app: {{image: "{built.tag}"}}')


@app.command()
def bench(confirm: Confirmed = None) -> None:
    """Measure the local cluster and write docs/performance.md; a cluster that is up goes first."""
    from automation import benchmark, docker_engine
    from automation.teardown import Teardown

    engine = docker_engine.ensure()
    pulumi = Engine.ensure()
    mend_our_folder()
    there = Teardown.of(benchmark.STACK, engine, pulumi)
    there.refuse_others()
    there.own_cluster(confirm)
    benchmark.run()


@app.command("program-bench")
def measure_program() -> None:
    """Measure the program's import and the preview of production, and write docs/performance.md."""
    from automation import program_bench

    program_bench.run()


@app.command("node-boot-bench")
def boot_bench(
    stack: StackName = "local",
    rounds: Annotated[int, typer.Option(min=1, help="Boots with each measure.")] = 3,
) -> None:
    """Measure the boot of a stack's ERP node, and write docs/performance.md."""
    from automation import docker_engine, node_boot_bench

    found = _reader("node-boot-bench", stack).outputs()
    node_boot_bench.run(docker_engine.client(), found, rounds)


@app.command()
def tools(purpose: Annotated[tools_for.Purpose, typer.Argument()]) -> None:
    """Install, or name, what tests or linters need besides Python packages."""
    tools_for.ensure(purpose)


def _local_settings(stack: str, overrides: Overrides) -> Settings:
    """The settings of a stack on this machine, all faults said before anything is touched."""
    settings = load_stack(stack, paths.ROOT / STACK_FOLDER, overrides)
    assert isinstance(settings, Settings)
    return settings


def _aws_settings(word: str, stack: str, override: list[str] | None) -> tuple[AwsSettings, str]:
    """The settings of a stack on AWS, and the name of its cluster."""
    platform_for(word, stack)
    overrides = parse_overrides(override or [])
    settings = load_stack(stack, paths.ROOT / STACK_FOLDER, overrides)
    assert isinstance(settings, AwsSettings)
    return settings, aws_cluster_of(stack, settings)


def _reader(word: str, stack: str) -> StateReader:
    """What a command asks that opens no stack: nothing is selected or written."""
    return StateReader.of(stack, platform_for(word, stack))


def _preview_on_this_machine(stack: str, overrides: Overrides) -> None:
    """Against the state as it is; where none knows the stack, as a first update would make it.

    The engine works on a copy of the stack's file, which it may write into.
    """
    pulumi = Engine.ensure()
    exists = StateReader(stack=stack, platform="docker", cli=pulumi.cli).state().exists
    with offline_preview.project(stack) as project:
        if exists:
            copied = replace(pulumi, project=project)
            _say_changes(LocalStack.open(stack, copied, overrides, may_make=False).preview())
            return
        say(f"No state knows stack {stack}: this is what a first update would make.")
        empty = replace(pulumi, project=project, state=project)
        _say_changes(LocalStack.open(stack, empty, overrides).preview(refresh=False))


def _published(settings: Settings) -> dict[str, int]:
    """Setting → port of this machine that the balancer will hold."""
    return {
        "scipio:balancer.httpsPort": settings.balancer.https_port,
        "scipio:balancer.httpPort": settings.balancer.http_port,
        "scipio:balancer.statisticsPort": settings.balancer.statistics_port,
    }


def _check(outputs: StackOutputs, *, faults: bool, as_json: bool, only: list[str]) -> None:
    from checks.run import UnknownCheckError, run_checks
    from checks.table import print_report

    try:
        report = run_checks(
            outputs,
            faults=faults,
            only=only,
            before_each=lambda each: say(f"Checking: {each.promise}", "dim"),
        )
    except UnknownCheckError as error:
        raise UnknownCheckNameError(str(error)) from error
    if as_json:
        print(report.model_dump_json(indent=2, ensure_ascii=True))
    else:
        print_report(report, console)
    if not report.passed:
        raise typer.Exit(1)


def _say_changes(changes: Counts) -> None:
    made = {verb: count for verb, count in changes.items() if verb != "same" and count}
    unchanged = changes.get("same", 0)
    listing = ", ".join(f"{count} to {verb}" for verb, count in sorted(made.items()))
    say(f"{listing or 'Nothing to change'}; {unchanged} resources as they were.")


def main(command: Callable[[], None] = app) -> None:
    """Run a command. A known error, and what this machine does to it, is one message on stderr and
    an exit code; any other error is a fault of this project and keeps its traceback."""
    replace_what_cannot_be_shown()
    reach_directly(os.environ)
    try:
        command()
    except (AccountError, AutomationError, SettingsError, TreeError) as error:
        _end(str(error), getattr(error, "exit_code", 2))
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except Exception as error:
        sentence = sentence_for(error)
        if sentence is None:
            raise
        _end(sentence, MachineError.exit_code)


def _end(message: str, exit_code: int) -> None:
    console.stderr = True
    console.print(f"\n{message}", style="red", markup=False)
    sys.exit(exit_code)


if __name__ == "__main__":
    main()
