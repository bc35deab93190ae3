"""The agent's commands: `python3 -m node …`."""

import argparse
import io
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    _replace_what_cannot_be_shown()
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.run
    return command(options)


def _replace_what_cannot_be_shown() -> None:
    """As `contract.terminal`, which PID 1 would keep in memory as long as the JVM runs."""
    for stream in (sys.stdout, sys.stderr):
        # A test's own stream takes what it likes.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


# What a command needs is imported by it alone: `run` must stay small.


def _run(_: argparse.Namespace) -> int:
    from node.run import run

    return run()


def _prepare(_: argparse.Namespace) -> int:
    from node.prepare import prepare_and_report

    return prepare_and_report()


def _keep(_: argparse.Namespace) -> int:
    from node.life.keep import keep_and_report

    return keep_and_report()


def _check_document(options: argparse.Namespace) -> int:
    from node.document import check_and_report

    return check_and_report(options.file)


def _link_overlay(options: argparse.Namespace) -> int:
    from node.overlay_links import link_and_report

    return link_and_report(options.home)


def _check(options: argparse.Namespace) -> int:
    from node.first_to_die import die_first

    die_first()
    from node.inside.check import check_and_report

    return check_and_report(as_json=options.json)


def _health(_: argparse.Namespace) -> int:
    from node.health_file import is_ready
    from node.paths import run_folder

    folder = run_folder(os.environ)
    printed = _print(folder / "health.json", absent="the agent has not run yet")
    return 0 if printed and is_ready(folder) else 1


def _cache_clear(_: argparse.Namespace) -> int:
    from node.paths import cache_clear_figures_file, run_folder

    printed = _print(
        cache_clear_figures_file(run_folder(os.environ)),
        absent="the JVM is starting, `cacheClear.mode` is stock, or the tree has a listener of its "
        "own",
    )
    return 0 if printed else 1


def _print(file: Path, *, absent: str) -> bool:
    """False, and the reason on stderr, when the file is not there."""
    try:
        print(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        print(f"{file}: not there; {absent}.", file=sys.stderr)
        return False
    return True


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="node", description="The agent of a Scipio node.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    run = commands.add_parser("run", help="PID 1: prepare the node, then look after its JVM")
    run.set_defaults(run=_run)
    prepare = commands.add_parser(
        "prepare", help="one pass: overlay, trust store, database, launch file"
    )
    prepare.set_defaults(run=_prepare)
    keep = commands.add_parser(
        "keep", help="beside the JVM: heartbeat, drain, jobs of nodes that are gone"
    )
    keep.set_defaults(run=_keep)
    document = commands.add_parser("check-document", help="name all faults of a cluster document")
    document.add_argument("file", type=Path, metavar="FILE")
    document.set_defaults(run=_check_document)
    link = commands.add_parser("link-overlay", help="make the overlay's links; for image builds")
    link.add_argument("--home", type=Path, required=True, metavar="DIR")
    link.set_defaults(run=_link_overlay)
    check = commands.add_parser("check", help="look around; exit code 0 when nothing fails")
    check.add_argument("--json", action="store_true", help="print the report for machines")
    check.set_defaults(run=_check)
    health = commands.add_parser(
        "health", help="print health.json; exit code 0 when the node is ready"
    )
    health.set_defaults(run=_health)
    figures = commands.add_parser(
        "cache-clear",
        help="print cache-clear.json: what this node sent, received and could not send",
    )
    figures.set_defaults(run=_cache_clear)
    return parser


if __name__ == "__main__":
    sys.exit(main())
