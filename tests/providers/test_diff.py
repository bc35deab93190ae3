"""What counts as a change, and what each change means."""

from hypothesis import given
from hypothesis import strategies as st

from providers.docker.codec import UNKNOWN, Properties, Secret, Value
from providers.docker.container_arguments import ARGUMENTS
from providers.docker.diff import Change, Kind, changes

OLD: Properties = {
    "name": "node-1",
    "image": "sha256:old",
    "envs": ["A=1", "B=2"],
    "uploads": [{"file": "/x", "content": Secret("one"), "permissions": "0444"}],
    "memory": 64,
}


def _changes(**arguments: Value) -> list[Change]:
    return changes(ARGUMENTS, OLD, {**OLD, **arguments})


def test_the_same_arguments_are_no_change() -> None:
    """However often it is asked."""
    assert _changes() == []


@given(st.permutations(["A=1", "B=2", "C=3"]))
def test_the_order_of_what_has_none_is_no_change(envs: list[Value]) -> None:
    """Environment, labels and the like are sets."""
    assert changes(ARGUMENTS, {**OLD, "envs": ["A=1", "B=2", "C=3"]}, {**OLD, "envs": envs}) == []


def test_a_changed_kernel_setting_is_a_new_container() -> None:
    """Nobody can set one in a container that runs."""
    before: Properties = {**OLD, "sysctls": {"net.ipv4.tcp_retries2": "15"}}
    after: Properties = {**OLD, "sysctls": {"net.ipv4.tcp_retries2": "5"}}
    [change] = changes(ARGUMENTS, before, after)
    assert change.replaces


def test_the_order_of_a_command_is_a_change() -> None:
    """A command is no set."""
    before: Properties = {**OLD, "command": ["a", "b"]}
    after: Properties = {**OLD, "command": ["b", "a"]}
    assert {change.path for change in changes(ARGUMENTS, before, after)} == {
        "command[0]",
        "command[1]",
    }


def test_a_default_given_explicitly_is_no_change() -> None:
    """At the top and inside a list."""
    ports: Value = [{"internal": 80, "external": 8080}]
    spelt: Value = [{"internal": 80, "external": 8080, "ip": "0.0.0.0", "protocol": "tcp"}]  # noqa: S104 - the real plugin's default
    assert changes(ARGUMENTS, {**OLD, "ports": ports}, {**OLD, "ports": spelt}) == []
    assert _changes(restart="no", mustRun=True, wait=False, waitTimeout=60) == []


def test_secrecy_alone_is_no_change_and_a_secret_change_is_one() -> None:
    """The value decides."""
    uploads: Value = [{"file": "/x", "content": "one", "permissions": "0444"}]
    assert _changes(uploads=uploads) == []
    changed: Value = [{"file": "/x", "content": Secret("two"), "permissions": "0444"}]
    assert _changes(uploads=changed) == [Change("uploads[0].content", Kind.UPDATE, replaces=True)]


def test_what_is_not_known_yet_is_a_change() -> None:
    """So that a preview shows what may follow."""
    assert _changes(image=UNKNOWN) == [Change("image", Kind.UPDATE, replaces=True)]


def test_limits_change_in_place_and_a_new_argument_is_an_addition() -> None:
    """As Docker can do it."""
    assert _changes(memory=96, memorySwap=96) == [
        Change("memory", Kind.UPDATE, replaces=False),
        Change("memorySwap", Kind.ADD, replaces=False),
    ]


def test_an_argument_left_out_is_a_deletion() -> None:
    """Of the outermost thing that is gone."""
    assert _changes(uploads=None) == [Change("uploads[0]", Kind.DELETE, replaces=True)]
    assert _changes(memory=None) == [Change("memory", Kind.DELETE, replaces=False)]


def test_a_change_inside_the_health_check_has_its_own_path() -> None:
    """`replace_on_changes` names such paths."""
    before: Properties = {**OLD, "healthcheck": {"tests": ["CMD", "a"]}}
    after: Properties = {**OLD, "healthcheck": {"tests": ["CMD", "b"]}}
    (change,) = changes(ARGUMENTS, before, after)
    assert (change.path, change.replaces, change.argument) == (
        "healthcheck.tests[1]",
        False,
        "healthcheck",
    )
