"""The colours of a stack with Docker, and when the old one may go."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from settings.errors import SettingsError
from settings.models import Settings
from settings.node_groups import NodeGroup, node_groups, nodes_at_most
from settings.release_guard import refuse_early_drop
from settings.rules import broken_rules
from tests.support.docker_settings import docker_settings

SWITCHED = datetime(2026, 11, 24, 14, 30, tzinfo=UTC)


def stack(**release: Any) -> Settings:
    """A local stack whose visitors stay for an hour."""
    return docker_settings(
        {"profile": "local", "release": release, "balancer": {"stickinessS": 3600}}
    )


def test_a_rolling_stack_has_one_group_of_all_nodes() -> None:
    assert node_groups(stack()) == (
        NodeGroup(colour="blue", image=None, instance_ids=("scipio-1", "scipio-2"), active=True),
    )


def test_a_change_of_mode_changes_no_group() -> None:
    assert node_groups(stack(mode="bluegreen")) == node_groups(stack())


def test_a_colour_says_what_differs_and_the_stack_the_rest() -> None:
    both = stack(mode="bluegreen", active="green", green={"image": "node:2", "count": 3})
    blue, green = node_groups(both)
    assert (blue.image, blue.instance_ids, blue.active) == (None, ("scipio-1", "scipio-2"), False)
    assert (green.image, green.active) == ("node:2", True)
    assert green.instance_ids == ("scipio-green-1", "scipio-green-2", "scipio-green-3")
    assert nodes_at_most(both) == 2 + 3 + both.nodes.surge
    assert broken_rules(both) == []


def test_the_old_colour_stays_until_the_stickiness_is_over() -> None:
    """The same guard as on AWS."""
    dropped = stack(
        mode="bluegreen", active="green", blue=None, green={}, switchedAt="2026-11-24T14:30Z"
    )
    early = SWITCHED + timedelta(seconds=3599)
    with pytest.raises(SettingsError, match="blue was switched away from at"):
        refuse_early_drop(dropped, now=early, where="stack x")
    refuse_early_drop(dropped, now=SWITCHED + timedelta(hours=1), where="stack x")
    told = dropped.model_copy(
        update={"release": dropped.release.model_copy(update={"drop_early": True})}
    )
    refuse_early_drop(told, now=early, where="stack x")
