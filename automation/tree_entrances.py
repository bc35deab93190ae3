"""Says what strangers can enter of a tree, and what of it the balancer shuts."""

from automation.console import say
from contract.entrances import Entrances
from contract.routing import RoutingRules
from scipio_tree.entrance_report import facts, remarks


def say_entrances(entrances: Entrances, routing: RoutingRules) -> None:
    """The facts, and in yellow what a person should decide."""
    for fact in facts(entrances, routing):
        say(f"  {fact}", style="dim")
    for remark in remarks(entrances, routing):
        say(f"  {remark}", style="yellow")
