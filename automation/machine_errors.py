"""What the machine does to a command: errors of files, terminals and libraries as sentences.

The product's own errors say themselves what to do. Any other error is a fault of this project, and
keeps its traceback. Libraries are known by name, since a preview must not load Docker's client.
"""

import errno
import os
import pwd
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

from automation.paths import ROOT

NOT_ALLOWED: Final = {errno.EACCES, errno.EPERM}
FULL: Final = {errno.ENOSPC, errno.EDQUOT}
REMEDIES: Final = {
    errno.EROFS: f"Commands write into the checkout ({ROOT}: .venv, .cache, .state, stacks, "
    "image/*/artifacts). Copy it to a folder that you may write to, and run the command there.",
    errno.EMFILE: "Raise the limit of open files (`ulimit -n 4096`), and run the command again.",
    errno.ENFILE: "This machine has too many files open: end other programs, and run it again.",
    errno.ENOMEM: "End other programs to free memory, and run the command again.",
}


def sentence_for(error: BaseException) -> str | None:
    """What happened and what to do; None for an error that no machine causes."""
    if isinstance(error, UnicodeError):
        return _of_text(error)
    names = {f"{kind.__module__}.{kind.__qualname__}" for kind in type(error).__mro__}
    for name, describe in LIBRARIES.items():
        if name in names:
            return describe(error)
    return _of_file(error) if isinstance(error, OSError) else None


def _of_file(error: OSError) -> str:
    reason = (error.strerror or str(error) or type(error).__name__).rstrip(".")
    # Of two paths the second is the one that was written to.
    name = error.filename2 or error.filename
    path = Path(os.fsdecode(name)) if isinstance(name, str | bytes) else None
    where = f"{path}: {reason}." if path else f"{reason}."
    return f"{where} {_remedy(error.errno, path)}"


def _remedy(number: int | None, path: Path | None) -> str:
    if number in NOT_ALLOWED and path:
        return _permission(path)
    if number in FULL:
        return f"Free some space{_left(path)} and run the command again."
    if number == errno.ENOENT and path and path.is_relative_to(ROOT):
        return "`git status` shows what is missing of the checkout; restore it and run it again."
    return REMEDIES.get(number or 0, "Mend that and run the command again.")


def _permission(path: Path) -> str:
    """Says whose the nearest thing is that exists: the file, or the folder it would be made in."""
    there = _nearest(path)
    try:
        owner = _name(there.stat().st_uid)
    except OSError:
        owner = "another user"
    me = _name(os.geteuid())
    if owner == me:
        return f"It is yours and write-protected: `chmod -R u+rwX {quoted(there)}` mends it."
    whole = ROOT if there.is_relative_to(ROOT) else there
    return (
        f"{there} belongs to {owner}, and you are {me}. Run the command as {owner}, or take "
        f"{'the checkout' if whole == ROOT else 'it'} over: `sudo chown -R {me} {quoted(whole)}`."
    )


def quoted(path: Path) -> str:
    """As a shell takes it: a checkout's path may have spaces, quotes and dollar signs."""
    return shlex.quote(str(path))


def _nearest(path: Path) -> Path:
    for each in (path, *path.parents):
        try:
            if each.exists():
                return each
        except OSError:
            continue
    return path


def _name(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return str(user)


def _left(path: Path | None) -> str:
    folder = _nearest(path) if path else ROOT
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        return ""
    return f" ({free / 1e6:.0f} MB are left at {folder})"


def _of_text(error: UnicodeError) -> str:
    return (
        f"A text does not fit its character set: {error}. Set a locale of UTF-8 "
        "(`export LC_ALL=C.UTF-8`), or save the file in UTF-8, and run the command again."
    )


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)


def _of_docker(error: BaseException) -> str:
    return (
        f"Docker: {_first_line(error)}. `docker info` must work; look at the engine's log "
        "(`journalctl -u docker`), and run the command again."
    )


def _of_network(error: BaseException) -> str:
    return (
        f"No answer: {_first_line(error)}. If that was Docker, `docker info` must work; else look "
        "at the network and the proxy variables. Then run the command again."
    )


def _of_engine(error: BaseException) -> str:
    details = getattr(error, "details", None)
    reason = details() if callable(details) else _first_line(error)
    return f"Pulumi's engine: {reason}. Run the command again."


def _of_program(error: BaseException) -> str:
    printed = getattr(error, "stderr", None) or b""
    text = printed.decode(errors="replace") if isinstance(printed, bytes) else str(printed)
    reason = "".join(f" {line}." for line in text.strip().splitlines()[-1:])
    return (
        f"{_first_line(error)}{reason} Run that program by itself to see why, then this command "
        "again."
    )


LIBRARIES: Final[dict[str, Callable[[BaseException], str]]] = {
    "docker.errors.DockerException": _of_docker,
    "requests.exceptions.RequestException": _of_network,
    "urllib3.exceptions.HTTPError": _of_network,
    "httpx.HTTPError": _of_network,
    "urllib.error.URLError": _of_network,
    "grpc.RpcError": _of_engine,
    "pulumi.automation.errors.CommandError": _of_engine,
    "subprocess.SubprocessError": _of_program,
}
"""Where an error's class, or one above it, is defined → its sentence; the first that fits counts.
OSError comes after these: `requests` and `urllib` derive from it."""
