"""Who this node is, and whether its agent, its JVM and its keeper are well."""

import json
from collections.abc import Iterator

from contract.inside_report import InsideResult
from node.health_file import is_ready
from node.inside.result import failed, passed
from node.inside.site import Site
from node.membership import ALIVE, DRAINING, read_membership


def look(site: Site) -> Iterator[InsideResult]:
    """Document, health, and the node's place among the others."""
    document = site.document
    yield passed(
        "node.document",
        f"version {document.document_version}, cluster {document.cluster}; this is "
        f"{site.instance_id} in the role {site.role}",
    )
    yield _health(site)
    yield _keeper(site)


def _health(site: Site) -> InsideResult:
    path = site.paths.run / "health.json"
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        sentence = f"{said['phase']}: {said['sentence']}"
    except (OSError, ValueError, KeyError, TypeError):
        return failed(
            "node.serves",
            f"{path} is not there or not whole",
            "Look into the log of the container: its agent has not come that far.",
        )
    if is_ready(site.paths.run):
        return passed("node.serves", sentence)
    return failed(
        "node.serves", sentence, "Look into the log of the container for what it waits for."
    )


def _keeper(site: Site) -> InsideResult:
    """What the keeper beside the JVM said a moment ago."""
    path = site.paths.membership
    said = read_membership(path)
    if said is None:
        return failed(
            "node.keeper",
            f"{path} is not there, or too old",
            "The keeper beside the JVM does not run, or hangs: look into the container's log.",
        )
    evidence = f"{said.state}, {said.running_jobs} jobs claimed"
    if said.state in (ALIVE, DRAINING):
        return passed("node.keeper", evidence, jobs=float(said.running_jobs))
    return failed(
        "node.keeper",
        f"{evidence}: {said.sentence}",
        "A node that was given up ends by itself; one that is cut off needs the database back.",
        jobs=float(said.running_jobs),
    )
