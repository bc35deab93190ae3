"""Where a Pulumi state is kept, in words that can be shown: no credentials, no options."""

import json
import os
import socket
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

UNKNOWN = "an unknown place"


def state_place(environ: Mapping[str, str]) -> str:
    """The place that the Pulumi CLI uses with these variables, as `shown` writes it."""
    return shown(environ.get("PULUMI_BACKEND_URL") or logged_in(environ) or UNKNOWN)


def logged_in(environ: Mapping[str, str]) -> str | None:
    """The URL that `pulumi login` noted last; None without a log-in."""
    default = "https://app.pulumi.com" if environ.get("PULUMI_ACCESS_TOKEN") else None
    home = environ.get("PULUMI_HOME") or os.path.expanduser("~/.pulumi")
    try:
        noted = json.loads((Path(home) / "credentials.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return default
    current = noted.get("current") if isinstance(noted, dict) else None
    return str(current) if current else default


def shown(url: str) -> str:
    """`s3://key:secret@bucket/path?region=x` → `s3://bucket/path`; a folder with its machine."""
    parts = urlsplit(url)
    if not parts.scheme:
        return url
    if parts.scheme == "file":
        # Pulumi takes `file://~/x` and `file://./x` as well: the host is part of the path.
        folder = os.path.expanduser(parts.netloc + parts.path)
        return f"file://{folder} on {socket.gethostname()}"
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}"
