"""All looks of one node, as a table for people or as JSON for `make check`."""

import os
import sys
import time
from collections.abc import Mapping

from contract.inside_report import InsideReport
from node.document import read_document
from node.errors import NodeError
from node.identity import instance_id
from node.inside import broker, cache_clear, database, disk, node_itself, search, shared_files
from node.inside.site import Look, Site
from node.inside.table import as_table
from node.paths import NodePaths
from node.role import node_role
from node.secrets import SecretStores

LOOKS: tuple[Look, ...] = (
    node_itself.look,
    database.look,
    broker.look,
    cache_clear.look,
    shared_files.look,
    search.look,
    disk.look,
)
"""In the order of the report."""
BROKEN = 1


def check_and_report(*, as_json: bool) -> int:
    """Prints the report; returns 0 when nothing failed, 1 when something did.

    A node that cannot even be looked at says why on stderr, and returns the exit code of that.
    """
    try:
        site = _site(os.environ)
    except NodeError as error:
        print(f"node: {error}", file=sys.stderr)
        return error.exit_code
    report = inside_report(site)
    print(report.model_dump_json(indent=2, ensure_ascii=True) if as_json else as_table(report))
    return 0 if report.passed else BROKEN


def inside_report(site: Site) -> InsideReport:
    """One look of everything."""
    return InsideReport(
        cluster=site.document.cluster,
        instance_id=site.instance_id,
        role=site.role,
        observed_at=time.time(),
        results=tuple(result for look in LOOKS for result in look(site)),
    )


def _site(environment: Mapping[str, str]) -> Site:
    paths = NodePaths.from_environment(environment)
    return Site(
        document=read_document(paths.document),
        instance_id=instance_id(environment),
        role=node_role(environment),
        paths=paths,
        secrets=SecretStores(paths.secrets, paths.preparation_secrets),
    )
