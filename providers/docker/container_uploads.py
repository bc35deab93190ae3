"""Files put into a container between its creation and its start."""

import base64
import io
import tarfile
from typing import Any

DEFAULT_MODE = 0o644
EXECUTABLE_MODE = 0o744


def uploads_archive(uploads: list[dict[str, Any]]) -> bytes:
    """A tar to unpack at `/`: every file owned by root:root, whatever user the container has."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for upload in uploads:
            content = _content(upload)
            entry = tarfile.TarInfo(upload["file"].lstrip("/"))
            entry.mode = _mode(upload)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def _content(upload: dict[str, Any]) -> bytes:
    if upload.get("contentBase64") is not None:
        return base64.b64decode(upload["contentBase64"])
    return str(upload["content"]).encode()


def _mode(upload: dict[str, Any]) -> int:
    if upload.get("permissions"):
        return int(upload["permissions"], 8)
    return EXECUTABLE_MODE if upload.get("executable") else DEFAULT_MODE
