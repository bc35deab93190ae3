"""What the Pulumi SDK reports to the engine about its own work."""

import pulumi.log


def leave_out_debug_messages() -> None:
    """The SDK no longer sends the engine its debug messages: a thousand and more for a stack.

    It waits for the answer to each, and an engine without `--debug` drops them all.
    """
    pulumi.log.debug = _unsent


def _unsent(*_message: object, **_place: object) -> None:
    """Stands where `pulumi.log.debug` stood."""
