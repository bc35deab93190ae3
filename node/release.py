"""Which release of the ERP this image holds: a text that changes whenever the tree does."""

from pathlib import Path

UNNAMED = "unnamed"


def release_of_image(file: Path) -> str:
    """The text that the image's build has left; `unnamed` for an image that was built without."""
    return file.read_text(encoding="utf-8").strip() if file.is_file() else UNNAMED
