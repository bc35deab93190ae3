"""The JSON schemas of all documents of this package: `python -m contract.schema --write`."""

import sys
from collections.abc import Mapping
from pathlib import Path

from contract.check_report import CheckReport
from contract.cluster_document import ClusterDocument
from contract.entrances import Entrances
from contract.generated_files import run_command
from contract.health import HealthReport
from contract.inside_report import InsideReport
from contract.json_schema import DIALECT, as_text, published_schema
from contract.model import Contract
from contract.stack_outputs import StackOutputs

FOLDER = Path(__file__).parent / "schema"

DOCUMENTS: Mapping[str, type[Contract]] = {
    "cluster-document.v1": ClusterDocument,
    "health-report.v1": HealthReport,
    "check-report.v1": CheckReport,
    "inside-report.v1": InsideReport,
    "stack-outputs.v1": StackOutputs,
    "entrances.v1": Entrances,
}
"""One file a document and version; a new version is a new line, and the old file stays."""


def schema_files() -> dict[Path, str]:
    """Each schema file and the text it should hold."""
    return {
        FOLDER / f"{name}.json": as_text(
            {"$schema": DIALECT, "title": name, **published_schema(model)}
        )
        for name, model in DOCUMENTS.items()
    }


if __name__ == "__main__":
    sys.exit(run_command("contract.schema", __doc__ or "", schema_files()))
