"""What a node does: serve visitors, or search for the nodes that do."""

from collections.abc import Mapping

from contract.names import NodeRole
from node.errors import ConfigurationError

VARIABLE = "SCIPIO_ROLE"


def node_role(environment: Mapping[str, str]) -> NodeRole:
    """`app` unless the platform says otherwise. Raises ConfigurationError for any other word."""
    value = environment.get(VARIABLE) or "app"
    match value:
        case "app" | "search":
            return value
        case _:
            raise ConfigurationError(
                f"{VARIABLE}: got {value!r}; must be 'app' or 'search', or not set at all. "
                "The platform sets it."
            )
