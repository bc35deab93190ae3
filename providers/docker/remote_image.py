"""`docker.RemoteImage`: an image by name; what is on this machine needs no registry."""

from typing import Any

from docker.errors import APIError

from providers.docker.codec import Properties, plain
from providers.docker.errors import DockerError, is_gone
from providers.docker.images import ensured_image, local_image
from providers.docker.resource_type import Live, Operation, ResourceType, visible
from providers.docker.schema import Argument, Record, Text, Truth


class RemoteImage(ResourceType):
    """The image exists on this machine; with `keepLocally` it also stays there afterwards."""

    token = "docker:index/remoteImage:RemoteImage"  # noqa: S105 - a type's name
    arguments = Record(
        {
            "name": Argument(shape=Text(pattern=r"\S+", rule="an image's name"), required=True),
            "keepLocally": Argument(shape=Truth(), default=False, replaces=False),
            "forceRemove": Argument(shape=Truth(), default=False, replaces=False),
            "platform": Argument(shape=Text(rule="a platform such as linux/amd64")),
        }
    )
    computed = ("imageId", "repoDigest")

    def create(self, inputs: Properties, operation: Operation, /) -> Live:
        """Pull it unless it is here. Raises `ImageMissingError`."""
        arguments = plain(inputs)
        seen = ensured_image(arguments["name"], operation, arguments.get("platform"))
        outputs = {**_outputs(seen), **visible(inputs)}
        # The form of the real plugin's ids: the image's own id, then the name.
        return Live(f"{seen['Id']}{arguments['name']}", outputs, inputs)

    def read(self, recorded: Live, operation: Operation, /) -> Live | None:
        """The image that the name means now, None when none does."""
        name = plain(recorded.inputs.get("name")) or _name_in(recorded.id)
        seen = local_image(name, operation)
        if seen is None:
            return None
        inputs = recorded.inputs or {"name": name, "keepLocally": True}
        return Live(recorded.id, {**recorded.outputs, **_outputs(seen), **visible(inputs)}, inputs)

    def delete(self, recorded: Live, operation: Operation, /) -> None:
        """Remove the image's name, unless it is to stay. Raises `DockerError` while it is used."""
        arguments = plain(recorded.outputs)
        if arguments.get("keepLocally"):
            return
        name = arguments["name"]
        try:
            operation.docker.remove_image(name, force=bool(arguments.get("forceRemove")))
        except APIError as cause:
            if not is_gone(cause):
                raise DockerError(f"remove image {name}", cause) from cause


def _name_in(resource_id: str) -> str:
    """The name of an id of ours, or the id itself when a person imports by name."""
    digest_length = len("sha256:") + 64
    return resource_id[digest_length:] if resource_id.startswith("sha256:") else resource_id


def _outputs(seen: dict[str, Any]) -> Properties:
    digests = seen.get("RepoDigests") or []
    return {"imageId": seen["Id"], "repoDigest": digests[0] if digests else ""}
