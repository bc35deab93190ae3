"""Names for what the program gives none: `<logical name>-<7 hexadecimal digits>`."""

import hashlib
import secrets

from providers.docker.codec import Properties, Value

SUFFIX_LENGTH = 7

DEFAULTS_KEY = "__defaults"
"""Where the arguments that we filled in are listed, as Pulumi's bridged providers do."""


def is_autonamed(inputs: Properties) -> bool:
    """Whether the name was made here."""
    listed = inputs.get(DEFAULTS_KEY)
    return isinstance(listed, list) and "name" in listed


def with_name(inputs: Properties, old: Properties, proposed: str | None) -> Properties:
    """The inputs with a name: the given one, else the kept one, else `proposed` if any."""
    if inputs.get("name") is not None:
        return inputs
    kept: Value = old.get("name") if is_autonamed(old) else None
    name = kept or proposed
    return {**inputs, "name": name, DEFAULTS_KEY: ["name"]} if name else inputs


def random_name(logical: str, seed: bytes) -> str:
    """A new name; the engine's seed makes a repeated check of one run give the same one."""
    digits = hashlib.sha256(seed).hexdigest() if seed else secrets.token_hex(SUFFIX_LENGTH)
    return f"{logical}-{digits[:SUFFIX_LENGTH]}"
