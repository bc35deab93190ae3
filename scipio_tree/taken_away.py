"""What the overlay takes from a tree that something else in it uses, or does not serve.

The merges set what a cluster needs. Here is asked who else had used what they replace: a use that
would break is a fault, one that changes its meaning is a remark.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lxml import etree

from templates.overlay.entity_engine import DATASOURCE
from templates.overlay.files import (
    CATALINA,
    ENTITY_ENGINE,
    JNDI,
    SERVICE_ENGINE,
    OverlayFile,
    TreeText,
)
from templates.overlay.jndi import own_factory_names
from templates.overlay.merged_properties import properties_of
from templates.overlay.service_engine import own_pool_polls
from templates.syntax import xml

DEFAULT_SERVER: Final = "default"
"""The JNDI server whose settings are those of jndi.properties."""
MESSENGER: Final = "serviceMessenger"
OUR_DELEGATORS: Final = ("default", "default-no-eca", "test", "seed")
SCHEMA: Final = "public"
"""In which the preparation looks for the tables (node/database/verification.py)."""
STOCK_URL: Final = "rmi://127.0.0.1:1099"


@dataclass(frozen=True, kw_only=True)
class TakenAway:
    """Sentences: each names file and element, what would come of it, and what to do."""

    faults: tuple[str, ...]
    remarks: tuple[str, ...]


def taken_away(home: Path) -> TakenAway:
    """Of the tree at `home`, whose files the merges have accepted."""
    texts = {
        file: TreeText(path, (home / path).read_bytes())
        for file in (ENTITY_ENGINE, SERVICE_ENGINE, JNDI, CATALINA)
        for path in file.sources
        if (home / path).is_file()
    }
    entities, services = _root(texts, ENTITY_ENGINE), _root(texts, SERVICE_ENGINE)
    return TakenAway(
        faults=(
            *_other_jms_services(texts[SERVICE_ENGINE].path, services),
            *_jndi_datasources(texts[ENTITY_ENGINE].path, entities),
            *_other_schema(texts[ENTITY_ENGINE].path, entities),
            *_others_on_the_datasource(texts[ENTITY_ENGINE].path, entities),
        ),
        remarks=(
            *_jobs(texts[SERVICE_ENGINE], services),
            *_names_of_brokers(texts.get(JNDI)),
            *_left_behind(texts[ENTITY_ENGINE].path, entities),
            *_session_replication(texts[CATALINA].path, _root(texts, CATALINA)),
        ),
    )


def _root(texts: Mapping[OverlayFile, TreeText], file: OverlayFile) -> etree._Element:
    return xml.parse(texts[file].data)


def _other_jms_services(file: str, root: etree._Element) -> Iterator[str]:
    for service in root.iter("jms-service"):
        name = service.get("name")
        on_default = [server for server in service.iter("server") if _is_default(server)]
        if name != MESSENGER and on_default:
            yield (
                f'{file}: <jms-service name="{name}"> sends by the JNDI server "{DEFAULT_SERVER}", '
                "which leads to the cluster's brokers. Give it a <jndi-server> of its own in "
                "jndiservers.xml, with context-provider-url and initial-context-factory, and name "
                "that one in jndi-server-name."
            )


def _jndi_datasources(file: str, root: etree._Element) -> Iterator[str]:
    used = {group.get("datasource-name") for group in root.iter("group-map")}
    erp = _erp_datasources(root)
    for datasource in root.iter("datasource"):
        name = datasource.get("name")
        if name in used - erp and any(_is_default(found) for found in datasource.iter("jndi-jdbc")):
            yield (
                f'{file}: <jndi-jdbc> of <datasource name="{name}"> is looked up at the JNDI '
                f'server "{DEFAULT_SERVER}", which leads to the cluster\'s brokers. Give it a '
                "<jndi-server> of its own in jndiservers.xml, or an <inline-jdbc>."
            )


def _other_schema(file: str, root: etree._Element) -> Iterator[str]:
    for datasource in root.iter("datasource"):
        schema = datasource.get("schema-name") or SCHEMA
        if datasource.get("name") == DATASOURCE and schema.casefold() != SCHEMA:
            yield (
                f'{file}: <datasource name="{DATASOURCE}"> has schema-name="{schema}"; the '
                f'cluster\'s database has its tables in "{SCHEMA}". Set that, or remove the '
                "attribute."
            )


def _others_on_the_datasource(file: str, root: etree._Element) -> Iterator[str]:
    """Where the ERP itself used it, all who use it mean the ERP's database and go with it."""
    if DATASOURCE in _erp_datasources(root):
        return
    for delegator in root.iter("delegator"):
        for group in delegator.iter("group-map"):
            if group.get("datasource-name") == DATASOURCE:
                yield (
                    f'{file}: group "{group.get("group-name")}" of <delegator '
                    f'name="{delegator.get("name")}"> is in the datasource "{DATASOURCE}", which '
                    "becomes the cluster's database, and the ERP itself was in another one. Copy "
                    "the datasource under a name of its own, and map the group to that."
                )


def _jobs(own: TreeText, root: etree._Element) -> Iterator[str]:
    if not own_pool_polls(own):
        yield (
            f'{own.path}: poll-enabled="false" of <thread-pool> becomes "true" on every node but '
            "the search node: all nodes of a cluster have this file, and none would run a job."
        )
    for pool in root.iter("thread-pool"):
        served = {found.get("name") for found in pool.iter("run-from-pool")}
        sent = pool.get("send-to-pool")
        if sent not in served:
            yield (
                f'{own.path}: send-to-pool="{sent}" of <thread-pool> is no <run-from-pool> of it: '
                "no node of the cluster runs the jobs that its nodes make. Add "
                f'<run-from-pool name="{sent}"/>, unless a JVM of your own outside of it does.'
            )


def _names_of_brokers(own: TreeText | None) -> Iterator[str]:
    if own is None:
        return
    found = properties_of(own)
    names = [
        *own_factory_names(own),
        *(key for key in found if key.startswith(("queue.", "topic."))),
    ]
    url = found.get("java.naming.provider.url", STOCK_URL)
    if names or url != STOCK_URL:
        leads = ", ".join(names) or "what was looked up there"
        yield (
            f"{own.path}: java.naming.provider.url becomes that of the cluster's brokers, and "
            f"{leads} leads to them. Code of your own that "
            "needs your broker looks it up at a <jndi-server> of its own in jndiservers.xml."
        )


def _left_behind(file: str, root: etree._Element) -> Iterator[str]:
    erp = _erp_datasources(root) - {DATASOURCE}
    for delegator in root.iter("delegator"):
        name = delegator.get("name")
        groups = delegator.iter("group-map")
        shared = {str(group.get("datasource-name")) for group in groups} & erp
        if name not in OUR_DELEGATORS and shared:
            yield (
                f'{file}: your own <delegator name="{name}"> stays in {", ".join(sorted(shared))}, '
                "where the ERP was before it moved to the cluster's database."
            )


def _session_replication(file: str, root: etree._Element) -> Iterator[str]:
    for container in root.iter("container"):
        found = (each.get("value") == "cluster" for each in container.iter("property"))
        if container.get("name") == "catalina-container" and any(found):
            yield (
                f"{file}: Tomcat's own replication of sessions stays on; the balancer keeps each "
                "visitor on one node without it, and multicast does not work on AWS."
            )


def _erp_datasources(root: etree._Element) -> set[str]:
    return {
        str(group.get("datasource-name"))
        for delegator in root.iter("delegator")
        if delegator.get("name") == "default"
        for group in delegator.iter("group-map")
        if f"{group.get('group-name')}.".startswith("org.ofbiz.")
    }


def _is_default(element: etree._Element) -> bool:
    return element.get("jndi-server-name", DEFAULT_SERVER) == DEFAULT_SERVER
