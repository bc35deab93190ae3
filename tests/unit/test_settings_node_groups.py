"""The colours of a stack with Docker."""

from typing import Any

from settings.models import Settings
from settings.node_groups import NodeGroup, node_groups, nodes_at_most
from settings.rules import broken_rules
from tests.support.docker_settings import docker_settings


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
