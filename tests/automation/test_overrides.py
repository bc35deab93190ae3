"""Settings given on the command line for one run."""

import pytest

from automation.overrides import BadOverrideError, parse_overrides


def test_values_are_json_where_they_can_be_and_text_where_not() -> None:
    texts = ["nodes.count=3", "nodes.instanceIdPrefix=erp", "app.image=null"]
    assert parse_overrides(texts) == {
        "nodes": {"count": 3, "instanceIdPrefix": "erp"},
        "app": {"image": None},
    }


def test_a_value_may_hold_an_equals_sign() -> None:
    assert parse_overrides(["app.image=a=b"]) == {"app": {"image": "a=b"}}


@pytest.mark.parametrize("text", ["nodes", "nodes.count", "count=3", ".count=3", "nodes.=3"])
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(BadOverrideError, match=r"must be section\.key=value, e\.g\."):
        parse_overrides([text])
