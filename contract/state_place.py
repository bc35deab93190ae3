"""Where a Pulumi state is kept, in words that can be shown: no credentials, no options."""

import json
import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

if sys.platform != "win32":
    import pwd

UNKNOWN = "an unknown place"
NO_HOME = "/nonexistent"


def state_place(environ: Mapping[str, str]) -> str:
    """The place that the Pulumi CLI uses with these variables, as `shown` writes it."""
    return shown(environ.get("PULUMI_BACKEND_URL") or logged_in(environ) or UNKNOWN)


def logged_in(environ: Mapping[str, str]) -> str | None:
    """The URL that `pulumi login` noted last; None without a log-in."""
    default = "https://app.pulumi.com" if environ.get("PULUMI_ACCESS_TOKEN") else None
    named = environ.get("PULUMI_HOME")
    folder = Path(named) if named else home(environ) / ".pulumi"
    try:
        noted = json.loads((folder / "credentials.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return default
    current = noted.get("current") if isinstance(noted, dict) else None
    return str(current) if current else default


def home(environ: Mapping[str, str]) -> Path:
    """The home that the Pulumi CLI uses: the user's in the password database, whatever HOME says.

    HOME counts only for a user who has no entry there (Go's `os/user.Current`).
    """
    if sys.platform != "win32":
        try:
            return Path(pwd.getpwuid(os.getuid()).pw_dir)
        except KeyError:
            return Path(environ.get("HOME") or NO_HOME)
    return Path.home()


def shown(url: str) -> str:
    """`s3://key:secret@bucket/path?region=x` → `s3://bucket/path`; a folder with its machine."""
    parts = urlsplit(url)
    if not parts.scheme:
        return url
    if parts.scheme == "file":
        # Pulumi takes `file://~/x` and `file://./x` as well: the host is part of the path.
        folder = parts.netloc + parts.path
        if parts.netloc == "~":
            folder = f"{home(os.environ)}{parts.path}"
        return f"file://{folder} on {socket.gethostname()}"
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}"
