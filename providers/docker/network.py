"""`docker.Network`: a network on this machine, with Docker's own name service inside."""

from typing import Any

from docker.errors import APIError
from docker.types import IPAMConfig, IPAMPool

from providers.docker.codec import Properties, Value, plain
from providers.docker.errors import DockerError, is_gone
from providers.docker.labels import LABELS, label_list, label_map
from providers.docker.resource_type import Live, Operation, ResourceType, visible
from providers.docker.schema import Argument, ListOf, MapOf, Record, Text, Truth

_POOL = Record(
    {
        "subnet": Argument(shape=Text(rule="a subnet such as 172.30.0.0/24")),
        "gateway": Argument(shape=Text(rule="an address")),
        "ipRange": Argument(shape=Text(rule="a subnet inside `subnet`")),
    }
)


class Network(ResourceType):
    """A change of any argument replaces it, as Docker has no way to change a network."""

    token = "docker:index/network:Network"  # noqa: S105 - a type's name
    arguments = Record(
        {
            "name": Argument(shape=Text(pattern=r"\S+", rule="a name"), required=True),
            "driver": Argument(shape=Text(), default="bridge"),
            "internal": Argument(shape=Truth(), default=False),
            "attachable": Argument(shape=Truth(), default=False),
            "labels": Argument(shape=LABELS, default=[]),
            "options": Argument(shape=MapOf(Text()), default={}),
            "ipamConfigs": Argument(shape=ListOf(_POOL, ordered=False), default=[]),
        }
    )
    computed = ("driver", "internal", "options", "scope", "ipamConfigs")
    autonamed = True

    def create(self, inputs: Properties, operation: Operation, /) -> Live:
        """Make it. Raises `DockerError`, also when one of its name exists."""
        arguments = plain(inputs)
        name = arguments["name"]
        try:
            made = operation.docker.create_network(
                name,
                driver=arguments.get("driver", "bridge"),
                options=arguments.get("options"),
                ipam=_ipam(arguments.get("ipamConfigs")),
                check_duplicate=True,
                internal=arguments.get("internal", False),
                attachable=arguments.get("attachable", False),
                labels=label_map(arguments.get("labels")),
            )
            seen = operation.docker.inspect_network(made["Id"])
        except APIError as cause:
            raise DockerError(f"create network {name}", cause) from cause
        return Live(made["Id"], {**_outputs(seen), **visible(inputs)}, inputs)

    def read(self, recorded: Live, operation: Operation, /) -> Live | None:
        """Docker changes nothing in a network, so it is there as made, or gone."""
        try:
            seen = operation.docker.inspect_network(recorded.id)
        except APIError as cause:
            if is_gone(cause):
                return None
            raise DockerError(f"look at network {recorded.id}", cause) from cause
        inputs = recorded.inputs or _imported(seen)
        outputs = {**recorded.outputs, **_outputs(seen), **visible(inputs)}
        return Live(seen["Id"], outputs, inputs)

    def delete(self, recorded: Live, operation: Operation, /) -> None:
        """Remove it. Raises `DockerError` while containers of others are connected to it."""
        try:
            operation.docker.remove_network(recorded.id)
        except APIError as cause:
            if not is_gone(cause):
                name = plain(recorded.outputs.get("name")) or recorded.id
                raise DockerError(f"remove network {name}", cause) from cause


def _ipam(pools: list[dict[str, str]] | None) -> IPAMConfig | None:
    if not pools:
        return None
    return IPAMConfig(
        pool_configs=[
            IPAMPool(
                subnet=pool.get("subnet"),
                iprange=pool.get("ipRange"),
                gateway=pool.get("gateway"),
            )
            for pool in pools
        ]
    )


def _outputs(seen: dict[str, Any]) -> Properties:
    return {
        "name": seen["Name"],
        "driver": seen["Driver"],
        "internal": seen["Internal"],
        "options": dict(seen["Options"] or {}),
        "scope": seen["Scope"],
        "ipamConfigs": _pools(seen),
    }


def _pools(seen: dict[str, Any]) -> list[Value]:
    names = (("Subnet", "subnet"), ("Gateway", "gateway"), ("IPRange", "ipRange"))
    return [
        {ours: pool[theirs] for theirs, ours in names if pool.get(theirs)}
        for pool in (seen.get("IPAM") or {}).get("Config") or []
    ]


def _imported(seen: dict[str, Any]) -> Properties:
    inputs: Properties = {"name": seen["Name"], "driver": seen["Driver"]}
    if seen["Internal"]:
        inputs["internal"] = True
    if seen["Attachable"]:
        inputs["attachable"] = True
    if seen["Labels"]:
        inputs["labels"] = label_list(seen["Labels"])
    if seen["Options"]:
        inputs["options"] = dict(seen["Options"])
    return inputs
