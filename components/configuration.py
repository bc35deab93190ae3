"""What the stack's configuration says, as the engine hands it over."""

from typing import Any

# Pulumi's public `Config` answers for keys that are asked for; a misspelt one would go unseen.
from pulumi.runtime.config import CONFIG, get_config_env


def stack_configuration() -> dict[str, Any]:
    """Every key of the stack with its prefix, each value as the text that the engine makes of it.

    An ordinary language host hands them over in a variable, an inline program is given them.
    """
    return {**get_config_env(), **CONFIG.get()}
