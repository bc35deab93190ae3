"""What `prepare` leaves for `keep`: a private file of plain values, the password among them."""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from node.database.connection import LogIn
from node.errors import ConfigurationError
from node.private_file import write_private

BEAT_EVERY_S = 5.0
DEAD_AFTER_S = 45.0
"""Nine beats, and longer than the 30 s between two looks of a JVM for jobs."""


@dataclass(frozen=True, kw_only=True)
class KeepSettings:
    """One incarnation of one node."""

    instance_id: str
    incarnation: str
    log_in: LogIn
    pool_max: int
    """The JVM's, whose sessions have the instance id as their name."""
    beat_every_s: float = BEAT_EVERY_S
    dead_after_s: float = DEAD_AFTER_S


def write_keep_settings(path: Path, settings: KeepSettings) -> None:
    """`path` holds the settings, mode 0600."""
    named = replace(settings.log_in, application=f"keeper of {settings.instance_id}")
    write_private(path, json.dumps(asdict(replace(settings, log_in=named))).encode())


def read_keep_settings(path: Path) -> KeepSettings:
    """What the last `prepare` has written. Raises ConfigurationError when it has not."""
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
        return KeepSettings(**{**plain, "log_in": LogIn(**plain["log_in"])})
    except (OSError, ValueError, TypeError, KeyError) as error:
        # `from None`, and no value: the file holds a password.
        raise ConfigurationError(
            f"{path}: no settings of the keeper ({type(error).__name__}). "
            "`python3 -m node prepare` of the same version writes them."
        ) from None
