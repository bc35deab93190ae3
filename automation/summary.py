"""What a person sees when the cluster is up: where, what runs, how to look and how to stop."""

from dataclasses import dataclass

import docker
from docker.errors import NotFound
from rich.table import Table

from automation.console import console
from contract.stack_outputs import StackOutputs

BROKER_PORT = 61617


@dataclass(frozen=True, kw_only=True)
class Seen:
    """State of one container in the engine's words: `healthy`, `starting`, `exited`, `gone`."""

    container: str
    state: str


def seen(engine: docker.DockerClient, container: str | None) -> Seen:
    """Look at one container."""
    if container is None:
        return Seen(container="–", state="unknown")
    try:
        attributes = engine.containers.get(container).attrs
    except NotFound:
        return Seen(container=container, state="gone")
    state = attributes["State"]
    return Seen(container=container, state=state.get("Health", {}).get("Status", state["Status"]))


def live_broker(engine: docker.DockerClient, outputs: StackOutputs) -> str | None:
    """The name of the broker that listens; the other of the pair waits for the store's lock."""
    probe = ["bash", "-c", f"exec 3<>/dev/tcp/127.0.0.1/{BROKER_PORT}"]
    for broker in outputs.brokers:
        if seen(engine, broker.container).state != "healthy" or broker.container is None:
            continue
        if engine.containers.get(broker.container).exec_run(probe).exit_code == 0:
            return broker.name
    return None


def show(engine: docker.DockerClient, outputs: StackOutputs, stack: str) -> None:
    """Print the table."""
    table = Table(title=f"Cluster {outputs.cluster}", show_header=False, title_justify="left")
    table.add_column(style="bold")
    table.add_column()
    table.add_row("URL", outputs.balancer.https_url)
    if outputs.balancer.statistics_url:
        table.add_row("balancer's statistics", outputs.balancer.statistics_url)
    for node in outputs.members:
        looked = seen(engine, node.container)
        state = "drained" if node in outputs.drained_nodes else looked.state
        table.add_row(f"node {node.instance_id}", f"{state}   {looked.container}")
    live = live_broker(engine, outputs)
    for broker in outputs.brokers:
        looked = seen(engine, broker.container)
        role = "live" if broker.name == live else "waiting"
        state = role if looked.state == "healthy" else looked.state
        table.add_row(f"broker {broker.name}", f"{state}   {looked.container}")
    database = outputs.database
    table.add_row(
        f"database {database.name}",
        f"{seen(engine, database.container).state}   {database.container}"
        f"   (role {database.app_user})",
    )
    table.add_row("log in", f"user admin, password: make password{_stack_argument(stack)}")
    table.add_row("logs", f"docker logs -f {outputs.nodes[0].container}")
    table.add_row("checks", f"make check{_stack_argument(stack)}")
    table.add_row("stop and remove", f"make down{_stack_argument(stack)}")
    if outputs.implementation == "reference":
        table.caption = (
            "The reference node answers here, in place of the ERP; `scipio:app.image` switches."
        )
    console.print(table)


def _stack_argument(stack: str) -> str:
    return "" if stack == "local" else f" STACK={stack}"
