"""A choice is kept for the life of its stack; another one is refused before anything happens."""

from components.generated.kept_choice import KeptChoice, KeptChoiceProvider
from tests.support.recorder import record

REASON = "Data would be lost."


def chosen(value: str) -> dict[str, str]:
    return {"key": "secrets.kmsKey", "value": value, "reason": REASON}


def test_the_first_choice_is_free_and_the_same_one_stays() -> None:
    provider = KeptChoiceProvider()

    assert provider.check({}, chosen("own")).failures == []
    assert provider.check(chosen("own"), chosen("own")).failures == []


def test_another_choice_is_refused_with_what_it_would_destroy() -> None:
    [failure] = KeptChoiceProvider().check(chosen("own"), chosen("aws")).failures

    assert failure.reason == (
        "secrets.kmsKey is own in this stack, and aws now: Data would be lost. Set it back to own."
    )


def test_another_wording_changes_nothing() -> None:
    later = {**chosen("own"), "reason": "Other words."}

    assert KeptChoiceProvider().diff("secrets.kmsKey", chosen("own"), later).changes is False


def test_the_one_that_was_announced_may_follow_and_is_kept_from_then_on() -> None:
    provider = KeptChoiceProvider()
    announced = {**chosen("16"), "next": "17"}

    assert provider.check(chosen("16"), announced).failures == []
    assert provider.diff("key", chosen("16"), announced).changes is True
    assert provider.update("key", chosen("16"), announced).outs == announced
    assert provider.check(announced, chosen("17")).failures == []
    assert len(provider.check(announced, chosen("15")).failures) == 1
    assert len(provider.check(chosen("17"), chosen("16")).failures) == 1


def test_it_knows_what_was_chosen() -> None:
    def program() -> None:
        KeptChoice("key-choice", key="secrets.kmsKey", value="own", reason=REASON)

    [made] = record(program).of_type("KeptChoice")

    assert (made.inputs["key"], made.inputs["value"]) == ("secrets.kmsKey", "own")
