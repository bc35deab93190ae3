"""Containers of a cluster on one machine: closed to the network, bounded, and watched."""

from policies.places import at, expect, is_set, is_true, one_of, shown
from policies.rule import Fault, Inputs, Rule, only

CONTAINER = "docker:index/container:Container"

_LOOPBACK = "127.0.0.1"


@only(CONTAINER)
def _loopback(inputs: Inputs) -> list[Fault]:
    change = f"It must be {_LOOPBACK}: nothing of a trial cluster is open to the network."
    return expect(inputs, "ports[].ip", one_of(_LOOPBACK), change)


@only(CONTAINER)
def _memory(inputs: Inputs) -> list[Fault]:
    """Both limits, or the plugin shows a difference at every preview; equal ones leave no swap."""
    limits = [value for key in ("memory", "memorySwap") for _, value in at(inputs, key)]
    if len(limits) < 2 or (limits[0] and limits[0] == limits[1]):
        return []
    memory, with_swap = limits
    return [
        Fault(
            place="memory",
            seen=f"{shown(memory)}, with swap {shown(with_swap)}",
            change="Both must be set to the same number; scipio:nodes.memoryMib is the nodes'.",
        )
    ]


@only(CONTAINER)
def _health(inputs: Inputs) -> list[Fault]:
    """Order is by health: a check, and a creation that waits for it."""
    change = "Every container has a health check that its creation waits for."
    return [
        *expect(inputs, "healthcheck", is_set, change),
        *expect(inputs, "wait", is_true, change),
        *expect(inputs, "waitTimeout", is_set, change),
    ]


PUBLISHED_ON_LOOPBACK = Rule(
    name="ports-are-on-loopback",
    promise="Nothing of a trial cluster is open to the network around the machine.",
    faults=_loopback,
)
MEMORY_IS_BOUNDED = Rule(
    name="memory-is-bounded",
    promise="No container takes the machine's memory from the others.",
    faults=_memory,
)
HEALTH_IS_WATCHED = Rule(
    name="health-is-watched",
    promise="Every container has a health check that its creation waits for.",
    faults=_health,
)

RULES = (PUBLISHED_ON_LOOPBACK, MEMORY_IS_BOUNDED, HEALTH_IS_WATCHED)
