"""`python -m checks --outputs FILE`: try a cluster; exit code 0 when every promise holds."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console

from checks.run import UnknownCheckError, run_checks
from checks.table import print_report
from contract.check_report import CheckReport
from contract.stack_outputs import StackOutputs
from contract.terminal import replace_what_cannot_be_shown

BROKEN = 1
USAGE = 2


class UnreadableOutputsError(Exception):
    """The outputs are not there, or are not those of a stack of this version."""


def main(
    outputs: Annotated[
        str, typer.Option(help="File with the stack's output `cluster` as JSON; `-` reads stdin.")
    ],
    faults: Annotated[
        bool, typer.Option("--faults", help="Also kill a broker and a node.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report for machines.")] = False,
    only: Annotated[
        list[str] | None, typer.Option(help="Name or theme of a check; repeatable.")
    ] = None,
    no_skip: Annotated[
        bool, typer.Option("--no-skip", help="A check that cannot be tried fails, as under CI.")
    ] = False,
) -> None:
    """Try the promises of a running cluster, as a visitor."""
    replace_what_cannot_be_shown()
    try:
        report = _run(read_outputs(outputs), faults=faults, only=only or [], no_skip=no_skip)
    except (UnreadableOutputsError, UnknownCheckError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(USAGE) from error
    if as_json:
        typer.echo(report.model_dump_json(indent=2, ensure_ascii=True))
    else:
        print_report(report, Console())
    raise typer.Exit(0 if report.passed else BROKEN)


def read_outputs(name: str) -> StackOutputs:
    """The outputs in the file `name`, or on stdin. Raises UnreadableOutputsError."""
    advice = "Make them with `pulumi stack output cluster --json`."
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
    except OSError as error:
        raise UnreadableOutputsError(f"--outputs {name}: {error.strerror}. {advice}") from error
    except UnicodeError as error:
        raise UnreadableOutputsError(f"--outputs {name}: no UTF-8: {error}. {advice}") from error
    try:
        return StackOutputs.model_validate_json(text)
    except ValidationError as error:
        faults = "\n".join(
            f"  {'.'.join(map(str, fault['loc'])) or 'whole text'}: {fault['msg']}"
            for fault in error.errors()
        )
        raise UnreadableOutputsError(
            f"--outputs {name}: not the outputs of a stack:\n{faults}\n{advice}"
        ) from error


def _run(outputs: StackOutputs, *, faults: bool, only: list[str], no_skip: bool) -> CheckReport:
    progress = Console(stderr=True)
    with progress.status("…") as status:
        return run_checks(
            outputs,
            faults=faults,
            only=only,
            no_skip=no_skip or None,
            before_each=lambda each: status.update(each.promise),
        )


if __name__ == "__main__":
    typer.run(main)
