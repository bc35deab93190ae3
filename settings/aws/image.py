"""`scipio:image`: where the image of the nodes comes from."""

from typing import Annotated

from pydantic import Field

from settings.aws.names import FolderPath
from settings.models import ImageName
from settings.section import Section


class ImageBuild(Section):
    """How the image of the ERP's node is built."""

    context: FolderPath
    """Folder whose files the Dockerfile may copy; relative to the project's folder."""
    dockerfile: FolderPath
    """The Dockerfile; relative to the project's folder."""
    target: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")] | None
    """The stage to stop at; null: the last."""


class Image(Section):
    """The image that the nodes run."""

    existing: ImageName | None
    """An image that is somewhere already, in production by its digest; null builds one and pushes
    it to the stack's own repository."""
    build: ImageBuild | None
    """How to build the ERP's; null builds the reference node. Unused with `existing`."""
    untagged_days: Annotated[int, Field(ge=1, le=3650)]
    """Images without a tag leave the stack's repository after so many days. One with a tag never
    does by itself, as servers may be started from it: a person deletes it."""
    replicate: bool
    """Whether ECR copies what is pushed to the repository of `existing` to `backup.copyRegion`. An
    account has one such configuration in a region, and this stack's takes its place."""
    scan_on_push: bool
    """Whether the repository looks for known vulnerabilities in each image."""
