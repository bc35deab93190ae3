"""Files that a container finds at its start.

They arrive as root's whatever the container's user is, and no service of the cluster runs as
root: mode 0400 would hide them from the one process that must read them. The mode is bounded by
the container: it has no other user.
"""

import pulumi
import pulumi_docker as docker

READABLE = "0444"


def text_file(path: str, content: pulumi.Input[str]) -> docker.ContainerUploadArgs:
    """A text at `path`, secret where `content` is; a change replaces the container."""
    return docker.ContainerUploadArgs(file=path, content=content, permissions=READABLE)


def binary_file(path: str, content_base64: pulumi.Input[str]) -> docker.ContainerUploadArgs:
    """Bytes at `path`, given in base64."""
    return docker.ContainerUploadArgs(
        file=path, content_base64=content_base64, permissions=READABLE
    )
