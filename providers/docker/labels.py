"""Labels: a list of pairs in the arguments, a map in Docker's API."""

from collections.abc import Mapping
from typing import Any

from providers.docker.codec import Value
from providers.docker.schema import Argument, ListOf, Record, Text

LABELS = ListOf(
    Record(
        {
            "label": Argument(shape=Text(), required=True),
            "value": Argument(shape=Text(), required=True),
        }
    ),
    ordered=False,
)


def label_map(labels: list[dict[str, Any]] | None) -> dict[str, str]:
    """For Docker's API."""
    return {item["label"]: item["value"] for item in labels or []}


def label_list(labels: Mapping[str, str] | None) -> list[Value]:
    """For the arguments."""
    return [{"label": label, "value": value} for label, value in sorted((labels or {}).items())]
