"""Names that AWS limits, and passwords that Amazon MQ accepts."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from settings.aws import broker_passwords
from settings.aws.naming import (
    CLUSTER_NAME_MAX_LENGTH,
    LONGEST_ENDING,
    NAME_MAX_LENGTH,
    NamedKind,
    fits,
    logical_name_max_length,
)
from settings.cluster_document import aws_cluster_of
from settings.errors import SettingsError
from tests.support.aws_settings import aws_settings


def test_names_of_load_balancer_and_target_group_have_24_characters_of_their_own() -> None:
    assert logical_name_max_length("load-balancer") == 24
    assert logical_name_max_length("target-group") == 24


@pytest.mark.parametrize("kind", get_args(NamedKind))
def test_a_name_fits_up_to_its_limit_less_what_pulumi_appends(kind: NamedKind) -> None:
    longest = NAME_MAX_LENGTH[kind] - len("-0123abc")
    assert fits(kind, "x" * longest)
    assert not fits(kind, "x" * (longest + 1))


def test_the_longest_cluster_has_names_that_fit() -> None:
    assert fits("target-group", "x" * CLUSTER_NAME_MAX_LENGTH + "-search")
    assert CLUSTER_NAME_MAX_LENGTH + LONGEST_ENDING == 24


def test_the_cluster_is_named_by_its_stack_or_by_its_settings() -> None:
    assert aws_cluster_of("prod", aws_settings()) == "scipio-prod"
    assert aws_cluster_of("prod", aws_settings(aws={"name": "erp"})) == "erp"


def test_a_stack_whose_name_is_too_long_is_told_the_way_out() -> None:
    with pytest.raises(SettingsError, match=r"at most 17 characters.* Set aws\.name to a shorter"):
        aws_cluster_of("acceptance-tests", aws_settings())


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("short", "has 5 characters; allowed are 12 to 250"),
        ("x" * 251, "has 251 characters; allowed are 12 to 250"),
        ("abcabcabcabc", "has 3 different characters; 4 are the fewest"),
        ("abcdefghijk,", "holds ,, which Amazon MQ refuses"),
        ("abc:defghij=k", "holds : and =, which Amazon MQ refuses"),
    ],
)
def test_a_password_that_amazon_mq_refuses_is_refused_before(password: str, words: str) -> None:
    assert broker_passwords.fault_of(password) == words


@given(
    st.text(
        alphabet="abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
        min_size=12,
        max_size=250,
    ).filter(lambda text: len(set(text)) >= 4)
)
def test_letters_and_digits_are_accepted(password: str) -> None:
    assert broker_passwords.fault_of(password) is None


@given(st.text(max_size=260))
def test_the_answer_never_repeats_a_long_password(password: str) -> None:
    fault = broker_passwords.fault_of(password)
    assert fault is None or len(password) < 12 or password not in fault
