"""entityengine.xml: cache clear, one PostgreSQL datasource, and the delegator that seeds."""

from contract.cluster_document import CacheClear
from templates.overlay.cluster_component import SENDER_CLASS, STOCK_SENDER_CLASS
from templates.overlay.contexts import Attribute, InlineJdbc, LoadingDelegator
from templates.overlay.files import TreeText
from templates.overlay.fragment import attributes_of, rendered_root
from templates.overlay.jdbc_url import with_lock_timeout
from templates.overlay.xml_source import Element, XmlSource
from templates.renderer import render

DATASOURCE = "localpostgres"
SEED_DELEGATOR = "seed"
SCHEMA_DATASOURCE = SCHEMA_DELEGATOR = "cluster-schema"
"""Adds tables and columns while nodes of other releases work on the database."""
_CACHE_CLEAR = "distributed-cache-clear-enabled"
_CACHE_CLEAR_CLASS = "distributed-cache-clear-class-name"


def merge_entity_engine(own: TreeText, jdbc: InlineJdbc, cache_clear: CacheClear) -> bytes:
    """The tree's entityengine.xml with what a cluster needs. Raises OverlayError."""
    source = XmlSource(own)
    if source.root.name != "entity-config":
        raise source.error(f"{source.root}", "is the root", "Expected <entity-config>")
    default = _delegator(source, "default")
    datasource = _set_datasource(source, jdbc)
    erp_datasources = {
        group.attributes.get("datasource-name", "") for group in _erp_groups(default)
    }
    for delegator in _shared_delegators(source):
        _map_groups(source, delegator, erp_datasources)
        if delegator.attributes["name"] != "test":
            source.set_attributes(delegator, _sender(delegator, cache_clear))
    _set_seed(source, default, erp_datasources)
    _set_schema_delegator(source, default, datasource, jdbc)
    return source.finished()


def own_sender(own: TreeText) -> str | None:
    """The tree's own class that sends the cache clears, which the merge keeps."""
    source = XmlSource(own)
    senders = [_own_sender(delegator) for delegator in _shared_delegators(source)]
    return next((sender for sender in senders if sender is not None), None)


def _own_sender(delegator: Element) -> str | None:
    named = delegator.attributes.get(_CACHE_CLEAR_CLASS, "")
    return None if named in ("", STOCK_SENDER_CLASS, SENDER_CLASS) else named


def _sender(delegator: Element, cache_clear: CacheClear) -> dict[str, str]:
    """Without a class the ERP takes its own (DelegatorElement.java:79-89).

    A user's own does what it was written for; ours would silently replace it.
    """
    if _own_sender(delegator) is not None:
        return {_CACHE_CLEAR: "true"}
    wanted = SENDER_CLASS if cache_clear.mode == "resilient" else STOCK_SENDER_CLASS
    if wanted == delegator.attributes.get(_CACHE_CLEAR_CLASS, STOCK_SENDER_CLASS):
        return {_CACHE_CLEAR: "true"}
    return {_CACHE_CLEAR: "true", _CACHE_CLEAR_CLASS: wanted}


def _delegator(source: XmlSource, name: str) -> Element:
    return source.one(source.root, "delegator", name=name)


def _shared_delegators(source: XmlSource) -> list[Element]:
    """`default`, and those of stock that work on the same rows, where the tree has them."""
    names = ("default", "default-no-eca", "test")
    present = [name for name in names if source.root.named("delegator", name=name)]
    return [_delegator(source, name) for name in present]


def _erp_groups(delegator: Element) -> list[Element]:
    return [
        group
        for group in delegator.named("group-map")
        if (group.attributes.get("group-name", "") + ".").startswith("org.ofbiz.")
    ]


def _map_groups(source: XmlSource, delegator: Element, erp_datasources: set[str]) -> None:
    """Every group of the ERP, and every group that shared a datasource with one, moves.

    A group of the user's own with a datasource of its own keeps it: another database is theirs.
    """
    groups = delegator.named("group-map")
    if not groups:
        raise source.error(
            f"<group-map> in {delegator}", "is missing", "Put it back as the release has it"
        )
    erp = _erp_groups(delegator)
    for group in groups:
        if group in erp or group.attributes.get("datasource-name") in erp_datasources:
            source.set_attributes(group, {"datasource-name": DATASOURCE})


def _set_datasource(source: XmlSource, jdbc: InlineJdbc) -> Element:
    datasource = source.one(source.root, "datasource", name=DATASOURCE)
    inline = source.one(datasource, "inline-jdbc")
    source.set_attributes(inline, _inline_jdbc(jdbc))
    if "jdbc-password" in inline.attributes:
        source.drop_attribute(inline, "jdbc-password")
    return datasource


def _inline_jdbc(jdbc: InlineJdbc) -> dict[str, str]:
    return attributes_of(rendered_root(jdbc))


def _set_seed(source: XmlSource, default: Element, erp_datasources: set[str]) -> None:
    """A tree that already has the delegator keeps it, put right; else it is made."""
    if source.root.named("delegator", name=SEED_DELEGATOR):
        own = _delegator(source, SEED_DELEGATOR)
        _map_groups(source, own, erp_datasources)
        source.set_attributes(own, {_CACHE_CLEAR: "false"})
        return
    groups = tuple(_attributes(source, group) for group in default.named("group-map"))
    _insert_loading_delegator(source, default, SEED_DELEGATOR, groups)


def _set_schema_delegator(
    source: XmlSource, default: Element, datasource: Element, jdbc: InlineJdbc
) -> None:
    """`default` without cache clear and with a limit to each wait for a table's lock.

    The limit is in the URL, so it takes a datasource of its own. A file that was merged before has
    both already, and gets them put right.
    """
    limited = {**_inline_jdbc(jdbc), "jdbc-uri": with_lock_timeout(jdbc.jdbc_uri)}
    if present := source.root.named("datasource", name=SCHEMA_DATASOURCE):
        source.set_attributes(source.one(present[0], "inline-jdbc"), limited)
    else:
        inline = source.one(datasource, "inline-jdbc")
        named = {
            "name": SCHEMA_DATASOURCE,
            "check-on-start": "false",
            "add-missing-on-start": "false",
        }
        comment = f'Cluster: "{DATASOURCE}" with a limit to each wait for a table in use.'
        source.insert_copy_after(datasource, comment, {datasource: named, inline: limited})
    if source.root.named("delegator", name=SCHEMA_DELEGATOR):
        return
    groups = tuple(
        tuple(_on_schema_datasource(attribute) for attribute in _attributes(source, group))
        for group in default.named("group-map")
    )
    _insert_loading_delegator(source, default, SCHEMA_DELEGATOR, groups)


def _on_schema_datasource(attribute: Attribute) -> Attribute:
    if attribute == Attribute(name="datasource-name", value=DATASOURCE):
        return Attribute(name="datasource-name", value=SCHEMA_DATASOURCE)
    return attribute


def _insert_loading_delegator(
    source: XmlSource, default: Element, name: str, groups: tuple[tuple[Attribute, ...], ...]
) -> None:
    left_out = ("name", _CACHE_CLEAR, _CACHE_CLEAR_CLASS)
    context = LoadingDelegator(
        name=name, attributes=_attributes(source, default, left_out), groups=groups
    )
    source.insert_after(default, render(context))


def _attributes(
    source: XmlSource, element: Element, left_out: tuple[str, ...] = ()
) -> tuple[Attribute, ...]:
    return tuple(
        Attribute(name=name, value=value)
        for name, value in source.attributes(element).items()
        if name not in left_out
    )
