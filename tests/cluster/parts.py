"""The containers that a cluster consists of."""

import docker
from docker.models.containers import Container

from contract.stack_outputs import StackOutputs


def containers_of(engine: docker.DockerClient, outputs: StackOutputs) -> list[Container]:
    """Nodes, brokers, database and balancer, as they are now."""
    names = [
        *(node.container for node in outputs.nodes),
        *(broker.container for broker in outputs.brokers),
        outputs.database.container,
        outputs.balancer.container,
    ]
    return [engine.containers.get(name) for name in names if name]
