"""Errors of the engine become messages that say what to do; state and passphrase have defaults."""

import pytest
from pulumi.automation import CommandError
from pulumi.automation._cmd import CommandResult
from pulumi.automation.errors import ConcurrentUpdateError, create_command_error

from automation import pulumi_cli
from automation.engine_errors import explained
from automation.errors import UpdateFailedError, WrongPassphraseError


def engine_error(text: str) -> CommandError:
    return create_command_error(CommandResult(stdout="", stderr=text, code=255))


def test_a_wrong_passphrase_is_named_as_such() -> None:
    said = explained(engine_error("error: incorrect passphrase"), "Stack local cannot be opened")
    assert isinstance(said, WrongPassphraseError)
    assert "PULUMI_CONFIG_PASSPHRASE is not the passphrase" in str(said)


def test_a_running_update_is_named_as_such() -> None:
    error = engine_error("[409] Conflict: Another update is currently in progress.")
    assert isinstance(error, ConcurrentUpdateError)
    assert "another update of it is running" in str(explained(error, "Stack local is not up"))


def test_a_lock_is_said_with_its_holder_and_a_command_that_works_here() -> None:
    error = engine_error(
        "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) "
        "to end or delete the lock file with `pulumi cancel`.\n  s3://state/.pulumi/locks/x.json: "
        "created by anna@build-7f3c (pid 4242) at 2026-11-30T10:04:05Z"
    )
    said = str(explained(error, "Stack dev is not up", stack="dev"))
    assert "anna@build-7f3c, pid 4242, since 2026-11-30T10:04:05Z" in said
    assert "`make unlock STACK=dev`" in said
    assert "pulumi cancel" not in said


@pytest.mark.parametrize(
    ("made", "sentence"),
    [(True, "What was done until then is recorded"), (False, "Nothing was changed")],
)
def test_only_what_can_have_made_something_says_so(made: bool, sentence: str) -> None:
    said = explained(engine_error("error: no space"), "The preview stopped", made=made)
    assert sentence in str(said)


def test_each_reason_is_said_once_and_without_colour_marks() -> None:
    said = explained(engine_error("x"), "Stack local is not up", ["no space", "no space "])
    assert isinstance(said, UpdateFailedError)
    assert str(said).count("no space") == 1


def test_without_events_the_errors_are_found_in_the_text() -> None:
    said = explained(engine_error("noise\n<{%fg 1%}>error: <{%reset%}>no such image"), "S")
    assert "  - error: no such image" in str(said)
    assert "noise" not in str(said).split("\n")[1]


@pytest.mark.parametrize(
    ("version", "enough"),
    [("go1.21.0", True), ("go1.26.8", True), ("go1.19.8", False), (None, False), ("devel", False)],
)
def test_a_go_that_cannot_fetch_its_own_toolchain_is_passed_over(
    version: str | None, enough: bool
) -> None:
    assert pulumi_cli._new_enough(version) is enough


def test_the_cli_that_would_be_built_is_pinned() -> None:
    assert pulumi_cli.pinned_version().startswith("v3.")
