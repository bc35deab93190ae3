"""The instance id: the one thing that a node is given besides the document."""

import re
from collections.abc import Mapping

from node.errors import ConfigurationError

VARIABLE = "SCIPIO_INSTANCE_ID"
MAX_LENGTH = 20
PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
"""As `contract.names.InstanceId`, which PID 1 does not import because pydantic comes with it."""


def instance_id(environment: Mapping[str, str]) -> str:
    """This node's id. Raises ConfigurationError when it is missing or the ERP could not hold it.

    At most 20 characters: `unique.instanceId`, framework/common/config/general.properties:20-21.
    """
    value = environment.get(VARIABLE, "")
    if len(value) > MAX_LENGTH or not PATTERN.fullmatch(value):
        raise ConfigurationError(
            f"{VARIABLE}: got {value!r} ({len(value)} characters); must be 1 to {MAX_LENGTH} "
            "letters, digits, `-` or `_`, e.g. 'app-1'. Give every node an id of its own."
        )
    return value
