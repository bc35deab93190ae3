"""The program's slow part is loaded beside the engine's start, and never beside the program."""

from threading import Event

from automation.program_ahead import ProgramAhead


def test_the_program_waits_until_everything_is_loaded() -> None:
    """Two threads in the SDK's lazy modules would see each other's half-loaded ones."""
    may_end, loaded = Event(), Event()

    def load() -> None:
        assert may_end.wait(60)
        loaded.set()

    ahead = ProgramAhead(load)
    assert not loaded.is_set()
    may_end.set()
    ahead.wait()
    assert loaded.is_set()
