"""The image of a built Scipio tree: what of the tree is open to strangers, and its packing.

For `make image` and for stacks whose file names a tree, `scipio:app.home`.
"""

from pathlib import Path

import docker

from automation import artifacts, base_image, scipio_image
from automation.console import say
from automation.scipio_image import BuiltImage
from contract.routing import RoutingRules
from scipio_tree.entrance_report import facts, remarks
from scipio_tree.inspection import Inspection, inspect_tree
from settings.config_keys import Overrides
from settings.models import Settings
from settings.routing import routing_rules


def inspected(home: Path, routing: RoutingRules) -> Inspection:
    """The tree at `home`; prints what strangers can enter of it, and in yellow what to decide.

    Raises `TreeError`.
    """
    tree = inspect_tree(home)
    for fact in facts(tree.entrances, routing):
        say(f"  {fact}", style="dim")
    for remark in remarks(tree.entrances, routing):
        say(f"  {remark}", style="yellow")
    return tree


def tree_of(settings: Settings) -> Inspection | None:
    """The inspected tree that `app.home` names; None where it names none. Raises `TreeError`."""
    home = settings.app.home
    return None if home is None else inspected(Path(home), routing_rules(settings))


def pack(tree: Inspection, engine: docker.DockerClient, tag: str | None = None) -> BuiltImage:
    """The tree's image; without `tag`, the tag names its content."""
    base_image.ensure(engine)
    artifacts.ensure_cluster_component()
    artifacts.ensure_database_driver()
    artifacts.ensure_python(engine)
    built = scipio_image.build(engine, tree, tag)
    say(
        f"{built.tag}: {built.size_bytes / 1e6:.0f} MB in {built.seconds:.0f} s"
        f"{' (the tree was packed before)' if built.tree_was_there else ''}"
    )
    return built


def with_image_of(
    tree: Inspection | None, engine: docker.DockerClient, overrides: Overrides
) -> Overrides:
    """The overrides with an image of the tree in the place of `app.home`; without a tree as given.

    The image's tag names its content, so a changed tree replaces the nodes and an equal one does
    not.
    """
    if tree is None:
        return overrides
    built = pack(tree, engine)
    return {**overrides, "app": {**overrides.get("app", {}), "home": None, "image": built.tag}}
