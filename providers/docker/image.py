"""`docker.Image`: an image built on this machine from a folder, with Docker's classic builder."""

import re
from collections import deque
from typing import Any

from docker.errors import APIError

from providers.docker.build_context import BuildContext
from providers.docker.codec import UNKNOWN, Properties, Secret, Value, has_unknown, plain
from providers.docker.errors import BuildError, Cancelled, DockerError, ProviderError
from providers.docker.images import local_image
from providers.docker.resource_type import Live, Operation, ResourceType, visible
from providers.docker.schema import Argument, ListOf, MapOf, Record, Text, Truth

LAST_LINES = 15
"""How much of a failed build its error shows."""

_BUILD = Record(
    {
        "context": Argument(shape=Text(rule="a folder"), replaces=False),
        "dockerfile": Argument(shape=Text(rule="a file"), replaces=False),
        "args": Argument(shape=MapOf(Text()), default={}, replaces=False),
        "platform": Argument(shape=Text(rule="a platform, as linux/amd64"), replaces=False),
        "target": Argument(shape=Text(rule="a stage of the Dockerfile"), replaces=False),
        "network": Argument(shape=Text(rule="a network mode"), replaces=False),
        "addHosts": Argument(
            shape=ListOf(Text(pattern=r"[^:]+:.+", rule="`host:ip`")), default=[], replaces=False
        ),
        "builderVersion": Argument(
            shape=Text(pattern="BuilderV1", rule="BuilderV1, the only builder here"),
            default="BuilderV1",
            replaces=False,
        ),
        # Derived, never given: what makes a changed file a change.
        "contextDigest": Argument(shape=Text(), replaces=False),
    }
)


class Image(ResourceType):
    """The image exists under `imageName`; `repoDigest` is its id, new whenever its content is.

    The image stays when the resource goes, as with the real plugin: other stacks may use it.
    """

    token = "docker:index/image:Image"  # noqa: S105 - a type's name
    arguments = Record(
        {
            "imageName": Argument(
                shape=Text(pattern=r"\S+", rule="a name such as node:1"),
                required=True,
                replaces=False,
            ),
            "build": Argument(shape=_BUILD, default={}, replaces=False),
            "skipPush": Argument(shape=Truth(), default=False, replaces=False),
            "buildOnPreview": Argument(shape=Truth(), default=False, replaces=False),
        }
    )
    computed = ("baseImageName", "context", "dockerfile", "registryServer", "repoDigest")

    def completed(self, inputs: Properties, /) -> Properties:
        """With the digest of the context. Raises `ContextError` when it cannot be read."""
        given = inputs.get("build") or {}
        build = given.value if isinstance(given, Secret) else given
        if not isinstance(build, dict):
            return inputs
        if has_unknown(build.get("context")) or has_unknown(build.get("dockerfile")):
            return inputs
        counted: Value = {**build, "contextDigest": _context(plain(inputs)).digest()}
        return {**inputs, "build": Secret(counted) if isinstance(given, Secret) else counted}

    def rules(self, inputs: Properties, /) -> list[str]:
        """Only what this provider can do may be asked for."""
        found = []
        if plain(inputs.get("skipPush")) not in (True, UNKNOWN):
            found.append(
                f"argument 'skipPush' of {self.token} must be true: the Docker provider of this "
                "project builds for this machine and pushes nowhere"
            )
        if plain(inputs.get("buildOnPreview")) is True:
            found.append(
                f"argument 'buildOnPreview' of {self.token} must be false: the Docker provider "
                "of this project builds nothing during a preview"
            )
        return found

    def create(self, inputs: Properties, operation: Operation, /) -> Live:
        """Build it. Raises `BuildError` with the last lines of the build."""
        outputs = _built(inputs, operation)
        return Live(plain(inputs["imageName"]), outputs, inputs)

    def read(self, recorded: Live, operation: Operation, /) -> Live | None:
        """The image by its id: one removed behind our back is gone and built again."""
        digest = plain(recorded.outputs.get("repoDigest"))
        if not digest:
            raise ProviderError(
                f"an image cannot be imported ({recorded.id}): how it was built is not in it. "
                "Let the program build it."
            )
        return recorded if local_image(digest, operation) is not None else None

    def update(self, recorded: Live, inputs: Properties, operation: Operation, /) -> Properties:
        """Build it again; where nothing in it changed, its id stays."""
        if _same_build(recorded.inputs, inputs):
            return {**recorded.outputs, **visible(inputs)}
        return _built(inputs, operation)

    def planned_update(self, recorded: Live, inputs: Properties, /) -> Properties:
        """Its id is unknown until it is built, so that what uses it is shown to change too."""
        if _same_build(recorded.inputs, inputs):
            return super().planned_update(recorded, inputs)
        return self.planned(inputs)

    def delete(self, recorded: Live, operation: Operation, /) -> None:
        """The image stays; the log says so once."""
        operation.log.status(f"image {recorded.id} stays on this machine")


def _same_build(before: Properties, after: Properties) -> bool:
    return all(plain(before.get(key)) == plain(after.get(key)) for key in ("imageName", "build"))


def _context(arguments: dict[str, Any]) -> BuildContext:
    build = arguments.get("build") or {}
    return BuildContext.at(build.get("context") or ".", build.get("dockerfile"))


def _built(inputs: Properties, operation: Operation) -> Properties:
    arguments = plain(inputs)
    name = arguments["imageName"]
    build = arguments.get("build") or {}
    context = _context(arguments)
    operation.log.status(f"building image {name}")
    with context.archive() as archive:
        try:
            lines = operation.docker.build(
                fileobj=archive,
                custom_context=True,
                dockerfile=context.dockerfile_name,
                tag=name,
                buildargs=build.get("args") or {},
                platform=build.get("platform"),
                target=build.get("target") or "",
                network_mode=build.get("network"),
                extra_hosts=_hosts(build.get("addHosts")),
                rm=True,
                forcerm=True,
                decode=True,
            )
            _follow(lines, name, str(context.dockerfile), operation)
        except APIError as cause:
            raise DockerError(f"build image {name} from {context.dockerfile}", cause) from cause
    seen = local_image(name, operation)
    if seen is None:
        raise ProviderError(f"image {name} is missing right after its build; was it removed?")
    operation.log.status(f"built image {name}")
    return {**_outputs(arguments, context, seen), **visible(inputs)}


def _follow(lines: Any, name: str, dockerfile: str, operation: Operation) -> None:
    """Show the build as it goes. Raises `BuildError`, or `Cancelled` between two lines."""
    last: deque[str] = deque(maxlen=LAST_LINES)
    for line in lines:
        if operation.cancelled.is_set():
            raise Cancelled(f"building image {name}")
        if "error" in line:
            raise BuildError(name, dockerfile, str(line["error"]).strip(), list(last))
        for text in _readable(line.get("stream", "")):
            last.append(text)
            operation.log.status(f"building image {name}: {text}")


def _readable(stream: str) -> list[str]:
    without_colours = re.sub(r"\x1b\[[0-9;]*m", "", stream)
    return [line.rstrip() for line in without_colours.splitlines() if line.strip()]


def _hosts(pairs: list[str] | None) -> dict[str, str] | None:
    return dict(pair.split(":", 1) for pair in pairs) if pairs else None


def _outputs(
    arguments: dict[str, Any], context: BuildContext, seen: dict[str, Any]
) -> dict[str, Value]:
    build = arguments.get("build") or {}
    return {
        "imageName": arguments["imageName"],
        "baseImageName": arguments["imageName"],
        "context": build.get("context") or ".",
        "dockerfile": context.dockerfile_name,
        "platform": build.get("platform"),
        "registryServer": "",
        "repoDigest": seen["Id"],
    }
