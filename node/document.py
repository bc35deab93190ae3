"""The cluster document, read and checked in one place."""

import sys
from pathlib import Path

from contract.cluster_document import ClusterDocument
from contract.document_reading import DocumentError, check_document
from node.errors import ConfigurationError


def read_document(path: Path) -> ClusterDocument:
    """The document in `path`. Raises ConfigurationError that names all its faults at once."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(
            f"cluster document {path}: cannot be read: {error.strerror}. The platform mounts it."
        ) from None
    except UnicodeDecodeError:
        raise ConfigurationError(f"cluster document {path}: is not UTF-8 text.") from None
    try:
        return check_document(text, where=f"cluster document {path}")
    except DocumentError as error:
        raise ConfigurationError(str(error)) from None


def check_and_report(path: Path) -> int:
    """Prints all faults of the file, or that there is none; returns the exit code."""
    try:
        document = read_document(path)
    except ConfigurationError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    print(f"{path}: a sound document of cluster {document.cluster!r}.")
    return 0
