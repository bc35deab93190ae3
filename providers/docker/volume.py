"""`docker.Volume`: a named volume; what is in it is lost with it."""

from typing import Any

from docker.errors import APIError

from providers.docker.codec import Properties, plain
from providers.docker.errors import DockerError, is_conflict, is_gone
from providers.docker.labels import LABELS, label_list, label_map
from providers.docker.resource_type import Live, Operation, ResourceType, visible
from providers.docker.schema import Argument, MapOf, Record, Text

IN_USE_LIMIT_S = 30
"""How long removing waits for containers that are going too; the real plugin's limit."""

_LOOK_EVERY_S = 0.5


class Volume(ResourceType):
    """A change of any argument replaces it, as Docker has no way to change a volume."""

    token = "docker:index/volume:Volume"  # noqa: S105 - a type's name
    arguments = Record(
        {
            "name": Argument(shape=Text(pattern=r"\S+", rule="a name"), required=True),
            "driver": Argument(shape=Text(), default="local"),
            "driverOpts": Argument(shape=MapOf(Text()), default={}),
            "labels": Argument(shape=LABELS, default=[]),
        }
    )
    computed = ("driver", "mountpoint")
    autonamed = True

    def create(self, inputs: Properties, operation: Operation, /) -> Live:
        """Make it; Docker gives an existing one of the same name instead, which is then said."""
        arguments = plain(inputs)
        name = arguments["name"]
        try:
            if _seen(name, operation) is not None:
                operation.log.warning(
                    f"volume {name} existed already: it is used with what is in it"
                )
            seen = operation.docker.create_volume(
                name,
                driver=arguments.get("driver"),
                driver_opts=arguments.get("driverOpts"),
                labels=label_map(arguments.get("labels")),
            )
        except APIError as cause:
            raise DockerError(f"create volume {name}", cause) from cause
        return Live(seen["Name"], {**_outputs(seen), **visible(inputs)}, inputs)

    def read(self, recorded: Live, operation: Operation, /) -> Live | None:
        """Docker changes nothing in a volume, so it is there as made, or gone."""
        try:
            seen = _seen(recorded.id, operation)
        except APIError as cause:
            raise DockerError(f"look at volume {recorded.id}", cause) from cause
        if seen is None:
            return None
        inputs = recorded.inputs or _imported(seen)
        outputs = {**recorded.outputs, **_outputs(seen), **visible(inputs)}
        return Live(seen["Name"], outputs, inputs)

    def delete(self, recorded: Live, operation: Operation, /) -> None:
        """Remove it, waiting up to `IN_USE_LIMIT_S` for the containers that still use it."""
        looks = int(IN_USE_LIMIT_S / _LOOK_EVERY_S)
        for look in range(looks + 1):
            try:
                operation.docker.remove_volume(recorded.id)
            except APIError as cause:
                if is_gone(cause):
                    return
                if not is_conflict(cause) or look == looks:
                    raise DockerError(f"remove volume {recorded.id}", cause) from cause
            else:
                return
            operation.log.status(f"waiting for the containers that use volume {recorded.id}")
            operation.pause(_LOOK_EVERY_S, f"removing volume {recorded.id}")


def _seen(name: str, operation: Operation) -> dict[str, Any] | None:
    try:
        return operation.docker.inspect_volume(name)
    except APIError as cause:
        if is_gone(cause):
            return None
        raise


def _outputs(seen: dict[str, Any]) -> Properties:
    return {"name": seen["Name"], "driver": seen["Driver"], "mountpoint": seen["Mountpoint"]}


def _imported(seen: dict[str, Any]) -> Properties:
    inputs: Properties = {"name": seen["Name"], "driver": seen["Driver"]}
    if seen.get("Labels"):
        inputs["labels"] = label_list(seen["Labels"])
    if seen.get("Options"):
        inputs["driverOpts"] = dict(seen["Options"])
    return inputs
