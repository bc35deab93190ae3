"""The log-in page of an image names no password."""

from pathlib import Path

from scipio_tree.contents import contents_of
from scipio_tree.password_hint import LABELS
from tests.scipio_tree.small_tree import put

HINT = """\
    <property key="WebtoolsForSomethingInteresting">
        <value xml:lang="de">Psst: Nutzername admin, Passwort: scipio</value>
        <value xml:lang="en">Psst: username: admin, password: scipio</value>
    </property>
"""
OWN = """\
    <property key="WebtoolsForSomethingInteresting">
        <value xml:lang="en">Welcome to the back office</value>
    </property>
"""
AROUND = """<?xml version="1.0" encoding="UTF-8"?>
<resource>
    <property key="WebtoolsFormat"><value xml:lang="ja">書式</value></property>
{}    <property key="WebtoolsFor"><value xml:lang="en">For scipio</value></property>
</resource>
"""


def test_the_hint_is_taken_out_and_nothing_else_changes(home: Path) -> None:
    """The pages show nothing for a label that is not there."""
    put(home, LABELS, AROUND.format(HINT).encode())
    assert contents_of(home).rewritten[LABELS].decode() == AROUND.format("")


def test_a_text_of_the_users_own_stays(home: Path) -> None:
    put(home, LABELS, AROUND.format(OWN).encode())
    assert contents_of(home).rewritten[LABELS].decode() == AROUND.format(OWN)


def test_a_tree_without_the_labels_can_be_packed(home: Path) -> None:
    assert LABELS not in contents_of(home).rewritten
