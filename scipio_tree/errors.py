"""What is wrong with a tree, all of it in one message."""

from collections.abc import Sequence
from pathlib import Path


class TreeError(Exception):
    """The tree cannot be packed. The message names the tree, every fault and what to do."""

    def __init__(self, home: Path, faults: Sequence[str]) -> None:
        self.home = home
        self.faults = tuple(faults)
        listing = "\n".join(f"  - {fault}" for fault in faults)
        super().__init__(
            f"{home} cannot be made into an image:\n{listing}\n"
            "Nothing was built. Mend this in your tree, build it as Scipio's README says, and run "
            "the command again."
        )
