"""Files made from code and kept in the repository: written by a command, held by a test."""

import argparse
from collections.abc import Mapping
from pathlib import Path


def stale_files(files: Mapping[Path, str]) -> list[Path]:
    """The files that do not hold the text they should."""
    return [
        path
        for path, text in files.items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]


def write_files(files: Mapping[Path, str]) -> None:
    """Every file holds its text, its folder made if it was not there."""
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def run_command(
    module: str, purpose: str, files: Mapping[Path, str], arguments: list[str] | None = None
) -> int:
    """`python -m <module> [--write]`: write what is stale, or name it and return 1."""
    parser = argparse.ArgumentParser(prog=f"python -m {module}", description=purpose)
    parser.add_argument("--write", action="store_true", help="write what is stale")
    wanted = parser.parse_args(arguments)
    stale = stale_files(files)
    if wanted.write:
        write_files(files)
    for path in stale:
        print(f"{'written' if wanted.write else 'stale'}: {path.name}")
    if stale and not wanted.write:
        print(f"To write what is stale: python -m {module} --write")
        return 1
    return 0
