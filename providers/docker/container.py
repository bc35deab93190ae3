"""`docker.Container`: created, given its files, started and, with `wait`, healthy."""

from typing import Any

from docker.errors import APIError

from providers.docker import container_arguments
from providers.docker.codec import Properties, plain
from providers.docker.container_arguments import NOT_REACHING, WAIT_TIMEOUT_S
from providers.docker.container_health import wait_until_healthy
from providers.docker.container_request import (
    creation_request,
    further_networks,
    update_request,
)
from providers.docker.container_state import (
    computed_outputs,
    drifted_inputs,
    imported_inputs,
    published_ports,
)
from providers.docker.container_uploads import uploads_archive
from providers.docker.diff import Change, Kind, changes
from providers.docker.errors import (
    DockerError,
    InitFailedError,
    ProviderError,
    is_conflict,
    is_gone,
)
from providers.docker.images import ensured_image, local_image
from providers.docker.resource_type import Live, Operation, ResourceType, visible

UNFINISHED_KEY = "__unfinished"
"""In the outputs of a container that did not come up: the step it stopped at."""

_STEPS_TO_REPEAT_ON_A_NEW_ONE = ("networks", "uploads", "start")
_WAIT = "wait"

_REMOVAL_LOOK_EVERY_S = 0.2


class Container(ResourceType):
    """It runs as its arguments say. Where a change replaces it, the old one goes first."""

    token = container_arguments.TOKEN
    arguments = container_arguments.ARGUMENTS
    computed = container_arguments.COMPUTED
    autonamed = True
    always_deleted_first = True

    def rules(self, inputs: Properties, /) -> list[str]:
        """What Docker would refuse half way."""
        return container_arguments.rules(inputs)

    def unfinished(self, outputs: Properties, /) -> list[Change]:
        """One that never started is replaced; one that only waited for health waits again."""
        if outputs.get(UNFINISHED_KEY) in _STEPS_TO_REPEAT_ON_A_NEW_ONE:
            return [Change("mustRun", Kind.UPDATE, replaces=True)]
        return []

    def create(self, inputs: Properties, operation: Operation, /) -> Live:
        """Create it and bring it up.

        Raises `DockerError` when it could not be created, `InitFailedError` when a later step
        failed: then it exists, is in the state, and the next run mends it.
        """
        arguments = plain(inputs)
        name = arguments["name"]
        ensured_image(arguments["image"], operation)
        operation.log.status(f"creating container {name}")
        try:
            made = operation.docker.create_container_from_config(  # type: ignore[no-untyped-call]  # stubs
                creation_request(arguments), name=name
            )
        except APIError as cause:
            raise DockerError(f"create container {name}", cause) from cause
        return _brought_up(made["Id"], inputs, operation)

    def read(self, recorded: Live, operation: Operation, /) -> Live | None:
        """What it is now. Raises `InitFailedError` while one that is to be healthy is not yet."""
        seen = _seen(recorded.id, operation)
        if seen is None:
            return None
        inputs = drifted_inputs(recorded.inputs or _imported(seen, operation), seen)
        outputs = {**_kept_marker(recorded.outputs, seen), **_outputs(inputs, seen)}
        if outputs.get(UNFINISHED_KEY) == _WAIT:
            failed = InitFailedError(seen["Id"], outputs, _still_unhealthy(seen))
            failed.inputs = inputs
            raise failed
        return Live(seen["Id"], outputs, inputs)

    def update(self, recorded: Live, inputs: Properties, operation: Operation, /) -> Properties:
        """Change it in place: limits, restart policy, running; wait for health where owed."""
        arguments, before = plain(inputs), plain(recorded.inputs)
        name = arguments["name"]
        _warn_of_what_does_not_reach(recorded.inputs, inputs, operation)
        try:
            if update_request(arguments) != update_request(before):
                _change_limits(recorded.id, arguments, operation)
            if arguments.get("mustRun", True) and not _is_running(recorded.id, operation):
                operation.log.status(f"starting container {name}")
                operation.docker.start(recorded.id)
        except APIError as cause:
            raise DockerError(f"change container {name}", cause) from cause
        if recorded.outputs.get(UNFINISHED_KEY) == _WAIT:
            return _brought_up(recorded.id, inputs, operation, steps=(_WAIT,)).outputs
        return _outputs(inputs, _seen_for_sure(recorded.id, name, operation))

    def delete(self, recorded: Live, operation: Operation, /) -> None:
        """Stop it within `destroyGraceSeconds` (0: at once, as the real plugin), remove it."""
        arguments = plain(recorded.outputs)
        name = arguments.get("name") or recorded.id
        grace_s = arguments.get("destroyGraceSeconds") or 0
        operation.log.status(f"stopping container {name}, at most {grace_s} s")
        try:
            operation.docker.stop(recorded.id, timeout=grace_s)
            operation.docker.remove_container(
                recorded.id, v=arguments.get("removeVolumes", True), force=True
            )
        except APIError as cause:
            if is_gone(cause):
                return
            if not is_conflict(cause):
                raise DockerError(f"remove container {name}", cause) from cause
            # Another process is removing it already; its name and ports are free when it is gone.
            _wait_until_gone(recorded.id, name, operation)


def _brought_up(
    container: str,
    inputs: Properties,
    operation: Operation,
    steps: tuple[str, ...] = (*_STEPS_TO_REPEAT_ON_A_NEW_ONE, _WAIT),
) -> Live:
    arguments = plain(inputs)
    for step in steps:
        try:
            _take(step, container, arguments, operation)
        except ProviderError as cause:
            outputs = _outputs(inputs, _seen_for_sure(container, arguments["name"], operation))
            marked = {**outputs, UNFINISHED_KEY: step}
            raise InitFailedError(container, marked, str(cause)) from cause
    outputs = _outputs(inputs, _seen_for_sure(container, arguments["name"], operation))
    operation.log.status(f"container {arguments['name']} is up")
    return Live(container, outputs, inputs)


def _take(step: str, container: str, arguments: dict[str, Any], operation: Operation) -> None:
    name = arguments["name"]
    try:
        match step:
            case "networks":
                for network, endpoint in further_networks(arguments):
                    _connect(container, network, endpoint, operation)
            case "uploads" if arguments.get("uploads"):
                archive = uploads_archive(arguments["uploads"])
                operation.docker.put_archive(container, "/", archive)
            case "start":
                operation.log.status(f"starting container {name}")
                operation.docker.start(container)
            case "wait" if arguments.get("wait"):
                limit_s = arguments.get("waitTimeout") or WAIT_TIMEOUT_S
                wait_until_healthy(container, name, limit_s, operation)
    except APIError as cause:
        doing = {"networks": "connect", "uploads": "put files into", "start": "start"}[step]
        raise DockerError(f"{doing} container {name}", cause) from cause


def _connect(container: str, network: str, endpoint: dict[str, Any], operation: Operation) -> None:
    operation.docker.connect_container_to_network(
        container,
        network,
        aliases=endpoint.get("Aliases"),
        ipv4_address=(endpoint.get("IPAMConfig") or {}).get("IPv4Address"),
    )


def _outputs(inputs: Properties, seen: dict[str, Any]) -> Properties:
    outputs = {**computed_outputs(seen), **visible(inputs)}
    if "ports" in outputs:
        outputs["ports"] = published_ports(outputs["ports"], seen)
    return outputs


def _kept_marker(outputs: Properties, seen: dict[str, Any]) -> Properties:
    """The step that an earlier run stopped at, unless it has been reached since."""
    step = outputs.get(UNFINISHED_KEY)
    healthy = (seen["State"].get("Health") or {}).get("Status") == "healthy"
    return {} if step is None or (step == _WAIT and healthy) else {UNFINISHED_KEY: step}


def _still_unhealthy(seen: dict[str, Any]) -> str:
    name = str(seen["Name"]).removeprefix("/")
    status = (seen["State"].get("Health") or {}).get("Status", "without a health check")
    return f"container {name} is {status}, still not healthy; see `docker logs {name}`"


def _seen(container: str, operation: Operation) -> dict[str, Any] | None:
    try:
        seen: dict[str, Any] = operation.docker.inspect_container(container)
    except APIError as cause:
        if is_gone(cause):
            return None
        raise DockerError(f"look at container {container}", cause) from cause
    return seen


def _seen_for_sure(container: str, name: str, operation: Operation) -> dict[str, Any]:
    seen = _seen(container, operation)
    if seen is None:
        raise ProviderError(
            f"container {name} was removed by another process just now; run again to make it anew"
        )
    return seen


def _is_running(container: str, operation: Operation) -> bool:
    seen = _seen(container, operation)
    return seen is not None and bool(seen["State"]["Running"])


def _imported(seen: dict[str, Any], operation: Operation) -> Properties:
    image = local_image(seen["Image"], operation) or {}
    return imported_inputs(seen, image)


def _change_limits(container: str, arguments: dict[str, Any], operation: Operation) -> None:
    limits = update_request(arguments)
    operation.docker.update_container(
        container,
        mem_limit=limits["Memory"],
        memswap_limit=limits["MemorySwap"],
        restart_policy=limits["RestartPolicy"],
    )


def _warn_of_what_does_not_reach(
    before: Properties, after: Properties, operation: Operation
) -> None:
    differing = {change.argument for change in changes(Container.arguments, before, after)}
    kept = sorted(differing & set(NOT_REACHING))
    if kept:
        operation.log.warning(
            f"changed {', '.join(kept)} of {plain(after['name'])}: the running container keeps "
            "the old value, as with the pulumi-docker plugin. Have it replaced "
            "(`replace_on_changes`) when it matters."
        )


def _wait_until_gone(container: str, name: str, operation: Operation) -> None:
    doing = f"waiting for the removal of container {name}"
    operation.log.status(doing)
    while _seen(container, operation) is not None:
        operation.pause(_REMOVAL_LOOK_EVERY_S, doing)
