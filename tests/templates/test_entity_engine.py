"""entityengine.xml after the merge, as the ERP reads it."""

from urllib.parse import parse_qs, urlsplit

import pytest
from lxml import etree

from templates.overlay.cluster_component import SENDER_CLASS, STOCK_SENDER_CLASS
from templates.overlay.error import OverlayError
from templates.overlay.files import ENTITY_ENGINE
from templates.overlay.overlay import OverlaySource
from tests.templates.tree import (
    PEM,
    changed,
    changed_lines,
    cluster_document,
    content_of,
    overlay_of,
    xml_of,
)

SOURCE = "framework/entity/config/entityengine.xml"


def groups(root: etree._Element, delegator: str) -> dict[str, str]:
    [found] = root.findall(f"delegator[@name='{delegator}']")
    return {
        str(group.get("group-name")): str(group.get("datasource-name"))
        for group in found.findall("group-map")
    }


def attributes(element: etree._Element) -> dict[str, str]:
    return {str(name): str(value) for name, value in element.attrib.items()}


def inline_jdbc(root: etree._Element, datasource: str = "localpostgres") -> dict[str, str]:
    [found] = root.findall(f"datasource[@name='{datasource}']/inline-jdbc")
    return attributes(found)


@pytest.mark.parametrize("delegator", ["default", "default-no-eca"])
def test_cache_clear_is_on_for_the_delegators_of_the_web_applications(
    stock: OverlaySource, delegator: str
) -> None:
    root = xml_of(overlay_of(stock), ENTITY_ENGINE)
    [found] = root.findall(f"delegator[@name='{delegator}']")
    assert found.get("distributed-cache-clear-enabled") == "true"
    assert (
        found.get("distributed-cache-clear-class-name")
        == "clustercacheclear.erp.ResilientCacheClear"
    )


@pytest.mark.parametrize("delegator", ["default", "default-no-eca"])
def test_in_stock_mode_the_erps_own_sender_is_left_in_place(
    stock: OverlaySource, delegator: str
) -> None:
    overlay = overlay_of(stock, cluster_document(cache_clear={"mode": "stock"}))
    [found] = xml_of(overlay, ENTITY_ENGINE).findall(f"delegator[@name='{delegator}']")
    assert found.get("distributed-cache-clear-enabled") == "true"
    assert "distributed-cache-clear-class-name" not in found.attrib


@pytest.mark.parametrize("mode", ["resilient", "stock"])
@pytest.mark.parametrize(
    ("own", "resilient", "kept"),
    [
        ("de.mueller.CacheClear", "de.mueller.CacheClear", "de.mueller.CacheClear"),
        (STOCK_SENDER_CLASS, SENDER_CLASS, None),
        (SENDER_CLASS, SENDER_CLASS, None),
    ],
)
def test_a_sender_of_the_trees_own_stays_and_is_said(
    stock: OverlaySource, mode: str, own: str, resilient: str, kept: str | None
) -> None:
    """Ours in its place would silently undo what the user wrote."""
    tree = changed(
        stock,
        SOURCE,
        '<delegator name="default" ',
        f'<delegator name="default" distributed-cache-clear-class-name="{own}" ',
    )
    overlay = overlay_of(tree, cluster_document(cache_clear={"mode": mode}))
    [default] = xml_of(overlay, ENTITY_ENGINE).findall("delegator[@name='default']")
    in_stock = kept or STOCK_SENDER_CLASS
    assert default.get("distributed-cache-clear-enabled") == "true"
    assert default.get("distributed-cache-clear-class-name") == (
        resilient if mode == "resilient" else in_stock
    )
    assert overlay.own_sender == kept


@pytest.mark.parametrize("delegator", ["default", "default-no-eca", "test", "seed"])
def test_all_groups_live_in_the_one_postgresql_datasource(
    stock: OverlaySource, delegator: str
) -> None:
    assert groups(xml_of(overlay_of(stock), ENTITY_ENGINE), delegator) == {
        "org.ofbiz": "localpostgres",
        "org.ofbiz.olap": "localpostgres",
        "org.ofbiz.tenant": "localpostgres",
    }


def test_the_seed_delegator_is_like_default_but_without_cache_clear(stock: OverlaySource) -> None:
    root = xml_of(overlay_of(stock), ENTITY_ENGINE)
    [default] = root.findall("delegator[@name='default']")
    [seed] = root.findall("delegator[@name='seed']")
    inherited = attributes(default)
    del inherited["distributed-cache-clear-class-name"]
    assert attributes(seed) == {
        **inherited,
        "name": "seed",
        "distributed-cache-clear-enabled": "false",
    }


def test_tables_are_changed_by_a_datasource_that_waits_a_second_for_them(
    stock: OverlaySource,
) -> None:
    """All else of it is as the one that it is a copy of; nothing but a load makes it check."""
    root = xml_of(overlay_of(stock), ENTITY_ENGINE)
    [own] = root.findall("datasource[@name='localpostgres']")
    [limited] = root.findall("datasource[@name='cluster-schema']")
    assert attributes(limited) == {
        **attributes(own),
        "name": "cluster-schema",
        "check-on-start": "false",
        "add-missing-on-start": "false",
    }
    assert [child.tag for child in limited] == [child.tag for child in own]
    urls = [inline_jdbc(root, name)["jdbc-uri"] for name in ("localpostgres", "cluster-schema")]
    assert urls[1] == f"{urls[0]}&options=-c%20lock_timeout%3D1200"
    assert {**inline_jdbc(root, "cluster-schema"), "jdbc-uri": urls[0]} == inline_jdbc(root)
    assert groups(root, "cluster-schema") == dict.fromkeys(
        ("org.ofbiz", "org.ofbiz.olap", "org.ofbiz.tenant"), "cluster-schema"
    )


def test_the_datasource_gets_the_documents_values_and_keeps_its_own(stock: OverlaySource) -> None:
    values = inline_jdbc(xml_of(overlay_of(stock), ENTITY_ENGINE))
    url = values.pop("jdbc-uri")
    assert values == {
        "jdbc-driver": "org.postgresql.Driver",
        "jdbc-username": "scipio_app",
        "jdbc-password-lookup": "cluster-database",
        "isolation-level": "ReadCommitted",
        "pool-minsize": "3",
        "pool-maxsize": "43",
        "pool-sleeptime": "10000",
        "test-on-borrow": "true",
        "pool-jdbc-test-stmt": "select 1",
        "time-between-eviction-runs-millis": "600000",
    }
    assert url.startswith("jdbc:postgresql://database:5432/scipio?")
    parameters = parse_qs(urlsplit(url).query)
    assert parameters["ApplicationName"] == ["scipio-1"]
    assert parameters["sslmode"] == ["disable"]
    assert {"connectTimeout", "socketTimeout", "tcpKeepAlive"} <= parameters.keys()


def test_tls_to_the_database_names_the_authoritys_file_in_the_overlay(stock: OverlaySource) -> None:
    document = cluster_document(database={"tls": "verify-full", "ca_certificate": PEM})
    overlay = overlay_of(stock, document)
    parameters = parse_qs(urlsplit(inline_jdbc(xml_of(overlay, ENTITY_ENGINE))["jdbc-uri"]).query)
    assert parameters["sslmode"] == ["verify-full"]
    assert parameters["sslrootcert"] == ["/run/scipio/overlay/database-ca.pem"]
    assert {file.path: file.content for file in overlay.files}["database-ca.pem"] == PEM.encode()


@pytest.mark.parametrize(
    ("certificate", "file"),
    [(None, "/opt/rds/global-bundle.pem"), (PEM, "/run/scipio/overlay/database-ca.pem")],
)
def test_the_images_bundle_is_named_where_the_document_brings_no_authority(
    stock: OverlaySource, certificate: str | None, file: str
) -> None:
    """What the document says goes before what the image carries."""
    section = {
        "tls": "verify-full",
        "ca_certificate": certificate,
        "ca_certificate_file": "/opt/rds/global-bundle.pem",
    }
    overlay = overlay_of(stock, cluster_document(database=section))
    parameters = parse_qs(urlsplit(inline_jdbc(xml_of(overlay, ENTITY_ENGINE))["jdbc-uri"]).query)
    assert parameters["sslrootcert"] == [file]
    assert "sslfactory" not in parameters


def test_tls_without_an_authority_trusts_what_the_jdk_trusts(stock: OverlaySource) -> None:
    overlay = overlay_of(stock, cluster_document(database={"tls": "verify-full"}))
    parameters = parse_qs(urlsplit(inline_jdbc(xml_of(overlay, ENTITY_ENGINE))["jdbc-uri"]).query)
    assert parameters["sslfactory"] == ["org.postgresql.ssl.DefaultJavaSSLFactory"]
    assert "database-ca.pem" not in {file.path for file in overlay.files}


def test_nothing_but_what_a_cluster_needs_changes_in_a_stock_file(stock: OverlaySource) -> None:
    """Line by line: what went is what is known, and every comment is still there."""
    went, came = changed_lines(stock.files[SOURCE], content_of(overlay_of(stock), ENTITY_ENGINE))
    assert [line for line in went if "group-map" not in line] == [
        '<delegator name="default" entity-model-reader="main" entity-group-reader="main"'
        ' entity-eca-reader="main" distributed-cache-clear-enabled="false">',
        '<delegator name="default-no-eca" entity-model-reader="main" entity-group-reader="main"'
        ' entity-eca-reader="main" entity-eca-enabled="false"'
        ' distributed-cache-clear-enabled="false">',
        'jdbc-uri="jdbc:postgresql://127.0.0.1/ofbiz"',
        'jdbc-username="ofbiz"',
        'jdbc-password="ofbiz"',
        'pool-minsize="2"',
        'pool-maxsize="100"',
        'time-between-eviction-runs-millis="600000"/><!-- note behind -->',
    ]
    assert 'time-between-eviction-runs-millis="600000"' in came
    assert 'pool-jdbc-test-stmt="select 1"/><!-- note behind -->' in came


def test_a_users_own_delegators_datasources_and_attributes_stay(customised: OverlaySource) -> None:
    root = xml_of(overlay_of(customised), ENTITY_ENGINE)
    assert groups(root, "archive") == {"org.ofbiz": "warehouse"}
    [default] = root.findall("delegator[@name='default']")
    assert default.get("sequenced-id-prefix") == "M"
    assert default.get("key-encrypting-key") == "a>b"
    assert default.get("distributed-cache-clear-enabled") == "true"
    [mysql] = root.findall("datasource[@name='mueller']/inline-jdbc")
    assert mysql.get("jdbc-password") == "m"
    [own] = root.findall("datasource[@name='localpostgres']")
    assert own.get("schema-name") == "müller"
    assert own.get("max-worker-pool-size") == "4"
    assert inline_jdbc(root)["test-on-return"] == "true"
    assert inline_jdbc(root)["idle-maxsize"] == "3"


def test_a_group_moves_with_the_erp_unless_it_has_a_datasource_of_its_own(
    customised: OverlaySource,
) -> None:
    root = xml_of(overlay_of(customised), ENTITY_ENGINE)
    for delegator in ("default", "seed"):
        assert groups(root, delegator) == {
            "org.ofbiz": "localpostgres",
            "org.ofbiz.tenant": "localpostgres",
            "de.mueller.shop": "localpostgres",
            "de.mueller.warehouse": "warehouse",
        }


def test_the_seed_delegator_takes_over_a_users_attributes(customised: OverlaySource) -> None:
    [seed] = xml_of(overlay_of(customised), ENTITY_ENGINE).findall("delegator[@name='seed']")
    assert seed.get("key-encrypting-key") == "a>b"
    assert seed.get("distributed-cache-clear-enabled") == "false"


def test_encoding_document_type_entities_and_line_ends_stay(customised: OverlaySource) -> None:
    data = content_of(overlay_of(customised), ENTITY_ENGINE)
    text = data.decode("iso-8859-1")
    assert text.startswith(
        '<?xml version="1.0" encoding="ISO-8859-1"?>\r\n<!DOCTYPE entity-config ['
    )
    assert '<!ENTITY company "Müller &amp; Söhne">' in text
    assert "<!-- Größere Anpassungen: &company; -->" in text
    assert "\n" not in text.replace("\r\n", "")


def test_a_tree_that_has_the_seed_delegator_keeps_it_put_right(stock: OverlaySource) -> None:
    own = (
        '<delegator name="seed" entity-model-reader="own" entity-group-reader="main"'
        ' distributed-cache-clear-enabled="true">'
        '<group-map group-name="org.ofbiz" datasource-name="localderby"/></delegator>'
        '\n    <entity-model-reader name="main"/>'
    )
    tree = changed(stock, SOURCE, '<entity-model-reader name="main"/>', own)
    root = xml_of(overlay_of(tree), ENTITY_ENGINE)
    [seed] = root.findall("delegator[@name='seed']")
    assert seed.get("entity-model-reader") == "own"
    assert seed.get("distributed-cache-clear-enabled") == "false"
    assert groups(root, "seed") == {"org.ofbiz": "localpostgres"}


def test_a_tree_without_the_optional_delegators_is_served_as_it_is(
    customised: OverlaySource,
) -> None:
    root = xml_of(overlay_of(customised), ENTITY_ENGINE)
    names = [found.get("name") for found in root.findall("delegator")]
    assert names == ["default", "cluster-schema", "seed", "archive"]


def test_a_file_at_the_root_counts_before_the_one_of_the_component(stock: OverlaySource) -> None:
    own = stock.files[SOURCE].replace(b"Notice above", b"The file at the root, above")
    tree = OverlaySource({**stock.files, "entityengine.xml": own})
    assert b"The file at the root" in content_of(overlay_of(tree), ENTITY_ENGINE)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            '<delegator name="default" ',
            '<delegator name="main" ',
            r'entityengine\.xml: <delegator name="default"> in <entity-config>: is missing\. Put',
        ),
        (
            '<delegator name="default-no-eca"',
            '<delegator name="default"',
            r'<delegator name="default">: is there 2 times, in lines 14, 19\. Keep one of them',
        ),
        (
            '<datasource name="localpostgres"',
            '<datasource name="pg"',
            r'name="localpostgres".*missing',
        ),
        ("</entity-config>", "", r"line \d+, column \d+: not well-formed XML .* Correct the tree"),
        ('encoding="UTF-8"', 'encoding="klingon"', "unknown encoding 'klingon'"),
    ],
)
def test_an_unexpected_file_is_refused_with_what_was_expected(
    stock: OverlaySource, old: str, new: str, sentence: str
) -> None:
    tree = changed(stock, SOURCE, old, new)
    with pytest.raises(OverlayError, match=sentence) as caught:
        overlay_of(tree)
    assert caught.value.file == SOURCE


def test_a_byte_that_is_not_of_the_declared_encoding_is_named(stock: OverlaySource) -> None:
    data = stock.files[SOURCE].replace(b"Notice", b"Not\xffice")
    with pytest.raises(OverlayError, match="not utf-8, which the file declares"):
        overlay_of(OverlaySource({**stock.files, SOURCE: data}))


def test_an_element_from_an_entity_is_not_mistaken_for_one_of_the_file(
    customised: OverlaySource,
) -> None:
    """A delegator that only an entity brings cannot be edited in place, so it is not there."""
    tree = changed(
        customised,
        SOURCE,
        "    <entity-model-reader",
        "    &more;\r\n    <entity-model-reader",
    )
    data = tree.files[SOURCE].replace(
        b"]>", b"  <!ENTITY more \"<delegator name='default' x='y'/>\">\r\n]>", 1
    )
    root = xml_of(overlay_of(OverlaySource({**tree.files, SOURCE: data})), ENTITY_ENGINE)
    assert len(root.findall("delegator[@name='default']")) == 1


def test_another_root_element_is_refused(stock: OverlaySource) -> None:
    data = stock.files[SOURCE].replace(b"entity-config", b"other-config")
    with pytest.raises(
        OverlayError, match=r"<other-config>: is the root.* Expected <entity-config>"
    ):
        overlay_of(OverlaySource({**stock.files, SOURCE: data}))


def test_a_missing_file_is_named_with_its_place_in_the_tree(stock: OverlaySource) -> None:
    files = {path: data for path, data in stock.files.items() if path != SOURCE}
    with pytest.raises(OverlayError, match=rf"{SOURCE}: the file: is missing in the tree"):
        overlay_of(OverlaySource(files))
