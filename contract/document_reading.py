"""Reads a cluster document from text, and says everything that is wrong with it at once."""

import json
from typing import Any

from pydantic import ValidationError

from contract.cluster_document import DOCUMENT_VERSION, ClusterDocument
from contract.faults import Fault, as_list, faults_of, in_quotes

VERSION_KEY = "documentVersion"


class DocumentError(Exception):
    """A text is no cluster document that this program can use. Its text names every fault."""


def check_document(text: str, *, where: str = "cluster document") -> ClusterDocument:
    """The document that `text` holds. Raises `DocumentError`; `where` begins its sentence."""
    plain = _object(text, where)
    _require_version(plain, where)
    try:
        return ClusterDocument.model_validate_json(text, strict=True, by_alias=True, by_name=False)
    except ValidationError as error:
        faults = faults_of(error, ClusterDocument)
        raise DocumentError(_message(where, faults)) from None


def _object(text: str, where: str) -> dict[str, Any]:
    try:
        plain = json.loads(text)
    except json.JSONDecodeError as error:
        raise DocumentError(
            f"{where}: not JSON at line {error.lineno}, column {error.colno} ({error.msg}). "
            "It is written by the platform; run the deployment again."
        ) from None
    if not isinstance(plain, dict):
        raise DocumentError(f"{where}: got {in_quotes(plain)}; must be a JSON object.")
    return plain


def _require_version(plain: dict[str, Any], where: str) -> None:
    """Before anything else: a document of another version is not held to this version's keys."""
    if VERSION_KEY not in plain:
        raise DocumentError(
            f"{where}: {VERSION_KEY} is missing; this node reads version {DOCUMENT_VERSION}."
        )
    found = plain[VERSION_KEY]
    if found == DOCUMENT_VERSION and type(found) is int:
        return
    if type(found) is not int:
        raise DocumentError(
            f"{where}: {VERSION_KEY}: got {in_quotes(found)}; must be the whole number "
            f"{DOCUMENT_VERSION}."
        )
    older = found < DOCUMENT_VERSION
    raise DocumentError(
        f"{where}: found version {found}, and this node reads version {DOCUMENT_VERSION}. "
        + (
            "The document was made by an older program: deploy again with the one this image "
            "belongs to."
            if older
            else "The document was made by a newer program: use the image that belongs to it."
        )
    )


def _message(where: str, faults: list[Fault]) -> str:
    number = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
    return f"{where} has {number}:\n{as_list(faults)}"
