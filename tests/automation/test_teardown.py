"""`make down` removes what its own state made, once it is confirmed, and nothing else."""

import io
from dataclasses import dataclass, field
from typing import Any

import pytest

from automation import teardown
from automation.confirmation import confirm
from automation.errors import AnothersClusterError, NotConfirmedError
from automation.local_stack import Engine, LocalStack
from automation.stack_state import StackState, StateReader
from automation.teardown import Teardown
from tests.automation.fake_docker import FakeEngine, cluster_of_state, together

KNOWN = frozenset({"id-of-node", "id-of-network", "database"})


@dataclass
class Site:
    """A state, and what its destruction removes."""

    engine: Any
    state: StackState
    destroyed: list[str] = field(default_factory=list)

    def down(self, given: str | None = None, *, forgotten: bool = False) -> None:
        pulumi: Any = Engine(cli=None, plugin_folders=())  # type: ignore[arg-type]  # asked nothing
        there = Teardown.of("local", self.engine, pulumi)
        (there.forgotten if forgotten else there.own_cluster)(given)


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Site:
    """Our cluster runs, and beside it a stray of ours that the state lost track of."""
    made = Site(
        together(cluster_of_state("ours"), cluster_of_state("ours", "stray-")),
        StackState(place="here", exists=True, mark="ours", known=KNOWN, in_docker=KNOWN),
    )

    class Opened:
        def destroy(self) -> None:
            made.destroyed.append("local")
            for each in made.engine:
                each.removed |= each.id in made.state.known or each.name in made.state.known

    monkeypatch.setattr(StateReader, "state", lambda _: made.state)
    monkeypatch.setattr(LocalStack, "open", lambda *_: Opened())
    monkeypatch.setattr(teardown, "say", lambda *_: None)
    monkeypatch.setattr("automation.leftovers.say", lambda *_: None)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    return made


def nothing_happened(site: Site) -> bool:
    return site.engine.removed() == set() and site.destroyed == []


def test_all_of_its_own_goes_what_it_lost_track_of_too(site: Site) -> None:
    site.down("local")
    assert site.destroyed == ["local"]
    assert all(each.removed for each in site.engine)


def test_what_another_state_made_stays(site: Site) -> None:
    theirs = cluster_of_state("theirs", "their-")
    site.engine = together(site.engine, theirs)
    site.down("local")
    assert theirs.removed() == set()


def test_where_all_is_anothers_nothing_is_touched(site: Site) -> None:
    """The second checkout's `make down`, and the one after `.state` was deleted."""
    site.engine = together(cluster_of_state("theirs"))
    site.state = StackState(place="here", exists=False, mark=None, known=frozenset())
    with pytest.raises(AnothersClusterError, match="FORGOTTEN=yes"):
        site.down("local")
    assert nothing_happened(site)


def test_where_there_is_nothing_no_word_is_asked_for(site: Site) -> None:
    site.engine = FakeEngine()
    site.state = StackState(place="here", exists=True, mark=None, known=frozenset())
    site.down()
    assert nothing_happened(site)


def test_a_state_whose_cluster_is_in_another_engine_is_emptied_after_a_question(
    site: Site,
) -> None:
    site.engine = FakeEngine()
    with pytest.raises(NotConfirmedError):
        site.down()
    assert nothing_happened(site)
    site.down("local")
    assert site.destroyed == ["local"]


@pytest.mark.parametrize("given", [None, "", "prod"])
@pytest.mark.parametrize("forgotten", [False, True])
def test_without_a_word_nothing_is_touched(
    site: Site, given: str | None, forgotten: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither without a terminal nor with another stack's name; what would go is listed."""
    site.engine = together(site.engine, cluster_of_state("theirs", "their-"))
    with pytest.raises(NotConfirmedError, match="Nothing was touched") as refused:
        site.down(given, forgotten=forgotten)
    assert refused.value.exit_code == 2
    assert nothing_happened(site)
    listed = "".join(capsys.readouterr())
    assert ("their-database" in listed) is forgotten
    assert ("stray-database" in listed) is (not forgotten)


def test_what_is_forgotten_goes_and_the_own_cluster_stays(site: Site) -> None:
    theirs, unmarked = cluster_of_state("theirs", "their-"), cluster_of_state(None, "old-")
    site.engine = together(site.engine, theirs, unmarked)
    site.down("local", forgotten=True)
    assert all(each.removed for each in [*theirs, *unmarked])
    assert site.engine.removed() == theirs.removed() | unmarked.removed()
    assert site.destroyed == []


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("typed", "goes"), [("local\n", True), (" local \n", True), ("yes\n", False), ("", False)]
)
def test_on_a_terminal_the_name_is_typed(
    typed: str, goes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal(typed))
    if goes:
        confirm("local", "This goes.", None)
        return
    with pytest.raises(NotConfirmedError):
        confirm("local", "This goes.", None)
