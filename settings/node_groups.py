"""The groups of nodes that a stack with Docker has: one colour, or two during a release."""

from typing import NamedTuple

from settings.models import NodeColour, Settings
from settings.release import ColourName
from settings.sizing import instance_ids


class NodeGroup(NamedTuple):
    """One group of nodes with everything resolved."""

    colour: ColourName
    image: str | None
    """An image of the node, by name; None: the reference node that is built here."""
    instance_ids: tuple[str, ...]
    """One a node, in order; no other group has any of them."""
    active: bool
    """Whether new visitors come here."""


def node_groups(settings: Settings) -> tuple[NodeGroup, ...]:
    """The groups in the order of `COLOURS`; one of them at least, and one of them active.

    A stack in `rolling` has one group too: its colour is part of names, so that a change to
    `bluegreen` and back replaces nothing.
    """
    return tuple(_group(settings, name, colour) for name, colour in settings.release.colours())


def nodes_at_most(settings: Settings) -> int:
    """The most nodes that run at once: both colours, those of a release besides, and search."""
    serving = sum(len(group.instance_ids) for group in node_groups(settings))
    return settings.nodes.surge + serving + settings.search.enabled


def _group(settings: Settings, name: ColourName, colour: NodeColour) -> NodeGroup:
    nodes = settings.nodes
    return NodeGroup(
        colour=name,
        image=settings.app.image if colour.image is None else colour.image,
        instance_ids=instance_ids(
            nodes, name, nodes.count if colour.count is None else colour.count
        ),
        active=settings.release.active == name,
    )
