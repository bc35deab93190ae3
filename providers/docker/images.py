"""Images on this machine, and how to get one that is not here yet."""

from typing import Any

from docker.errors import APIError
from docker.utils import parse_repository_tag

from providers.docker.errors import DockerError, ProviderError, is_gone
from providers.docker.resource_type import Operation


class ImageMissingError(ProviderError):
    """An image is not here and could not be pulled."""

    def __init__(self, image: str, said: str) -> None:
        super().__init__(
            f"image {image} is not on this machine and cannot be pulled: {said}. "
            f"Build it or load it (`docker load`) on this machine first, or make its registry "
            f"reachable; `docker images` shows what is here."
        )


def local_image(image: str, operation: Operation) -> dict[str, Any] | None:
    """What Docker knows of an image by name or id, None when it is not here."""
    try:
        seen: dict[str, Any] = operation.docker.inspect_image(image)  # type: ignore[no-untyped-call]  # stubs
    except APIError as cause:
        if is_gone(cause):
            return None
        raise DockerError(f"look at image {image}", cause) from cause
    return seen


def ensured_image(image: str, operation: Operation, platform: str | None = None) -> dict[str, Any]:
    """A local image, pulled only when it is not here. Raises `ImageMissingError`."""
    seen = local_image(image, operation)
    if seen is not None:
        return seen
    if image.startswith("sha256:"):
        raise ImageMissingError(image, "an image id names no registry")
    _pull(image, operation, platform)
    pulled = local_image(image, operation)
    if pulled is None:
        raise ImageMissingError(image, "the pull ended without it")
    return pulled


def _pull(image: str, operation: Operation, platform: str | None) -> None:
    doing = f"pulling image {image}"
    operation.log.status(doing)
    repository, tag = parse_repository_tag(image)
    try:
        lines = operation.docker.pull(
            repository, tag=tag or "latest", stream=True, decode=True, platform=platform
        )
        for line in lines:
            operation.stop_if_cancelled(doing)
            _show(line, image, operation)
    except APIError as cause:
        raise ImageMissingError(image, str(cause.explanation or cause)) from cause


def _show(line: dict[str, Any], image: str, operation: Operation) -> None:
    if "error" in line:
        raise ImageMissingError(image, str(line["error"]))
    # A layer's progress bar changes many times a second; its finished steps are enough.
    if "status" in line and not line.get("progressDetail"):
        layer = f"{line['id']}: " if "id" in line else ""
        operation.log.status(f"pulling image {image}: {layer}{line['status']}")
