"""The one error of this room: its text is for the person who wrote the stack file."""

from collections.abc import Sequence

from contract.faults import Fault, as_list


class SettingsError(Exception):
    """A stack cannot be used as it stands. `faults` has every fault found, not only the first."""

    def __init__(self, where: str, faults: Sequence[Fault]) -> None:
        self.where = where
        self.faults = tuple(faults)
        super().__init__(where, self.faults)

    def __str__(self) -> str:
        number = "1 fault" if len(self.faults) == 1 else f"{len(self.faults)} faults"
        return f"{self.where} has {number}:\n{as_list(self.faults)}"


class StackFileError(SettingsError):
    """A stack file is not there, or cannot be read at all."""

    def __init__(self, where: str, sentence: str) -> None:
        super().__init__(where, ())
        self.sentence = sentence

    def __str__(self) -> str:
        return f"{self.where}: {self.sentence}"
