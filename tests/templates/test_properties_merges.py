"""jndi, passwords, cache and system properties, as the ERP reads them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.cluster_document import BrokerEndpoint, Failover, FileSecret, Mail, Messaging
from templates.overlay.broker_url import broker_url
from templates.overlay.error import OverlayError
from templates.overlay.files import (
    CACHE,
    JNDI,
    PASSWORDS,
    SEED_SYSTEM_PROPERTIES,
    SYSTEM_PROPERTIES,
)
from templates.overlay.overlay import OverlaySecrets, OverlaySource, make_overlay
from tests.templates.tree import (
    NODE,
    SECRETS,
    TREES,
    changed,
    cluster_document,
    content_of,
    overlay_of,
    properties_of,
    read_tree,
)

ENTITY_CACHES = [
    f"entitycache.{kind}.${{delegator-name}}.${{entity-name}}.expireTime"
    for kind in ("entity", "entity-list", "object-list")
]


def test_jndi_finds_activemq_the_brokers_and_the_topic(stock: OverlaySource) -> None:
    assert properties_of(overlay_of(stock), JNDI) == {
        "java.naming.factory.initial": "clustercacheclear.activemq.BrokerContextFactory",
        "java.naming.provider.url": (
            "failover:(ssl://broker-a:61617,ssl://broker-b:61617)"
            "?jms.attemptMillis=1900&jms.connectMillis=3800&jms.firstUseMillis=4000"
            "&jms.requestMillis=3000&jms.connectResponseTimeout=3000&jms.sendTimeout=3000"
            "&jms.closeTimeout=400"
            "&nested.wireFormat.maxInactivityDuration=3000"
            "&nested.wireFormat.maxInactivityDurationInitalDelay=3000"
        ),
        "connectionFactoryNames": "connectionFactory, queueConnectionFactory, "
        "topicConnectionFactory",
        "topic.ScipioTopic": "ScipioTopic",
    }


def test_every_bound_of_the_document_is_in_the_broker_url() -> None:
    """Each field gets a number of its own, and all numbers must come out."""
    of_older_images = {
        "startup_max_reconnect_attempts", "initial_reconnect_delay_ms", "max_reconnect_delay_ms"
    }  # fmt: skip
    names = [name for name in Failover.model_fields if name not in of_older_images]
    failover = Failover(**{name: 7000 + at for at, name in enumerate(names)})
    messaging = Messaging(
        brokers=(BrokerEndpoint(host="b", port=1),),
        tls=False,
        failover=failover,
        password=FileSecret(name="x"),
    )
    url = broker_url(messaging)
    assert url.startswith("failover:(tcp://b:1)?")
    values = [part.split("=")[1] for part in url.split("?")[1].split("&")]
    assert {int(value) for value in values} == {7000 + at for at in range(len(names))}


def test_a_write_of_mode_stock_is_held_for_less_than_five_seconds() -> None:
    """The waits of the ERP's own sender, one after the other (JmsServiceEngine.java, runTopic)."""
    bounds = Failover()
    assert bounds.connect_ms < bounds.first_use_ms
    assert 2 * bounds.connection_timeout_ms <= bounds.connect_ms, "each of two brokers has its turn"
    assert bounds.first_use_ms + bounds.close_ms < 5000


def test_a_users_own_jndi_settings_comments_and_line_ends_stay(customised: OverlaySource) -> None:
    data = content_of(overlay_of(customised), JNDI)
    merged = properties_of(overlay_of(customised), JNDI)
    assert merged["java.naming.factory.url.pkgs"] == "de.mueller"
    assert merged["queue.orders"] == "orders"
    assert merged["topic.ScipioTopic"] == "ScipioTopic"
    assert merged["java.naming.provider.url"].startswith("failover:")
    assert "# Schlüssel\r\n".encode("iso-8859-1") in data
    assert b"\n" not in data.replace(b"\r\n", b"")


def test_a_users_own_factories_are_found_beside_the_clusters(stock: OverlaySource) -> None:
    own = b"connectionFactoryNames=jms/OrderFactory, topicConnectionFactory\n"
    [path] = [path for path in stock.files if path.endswith("jndi.properties")]
    merged = properties_of(overlay_of(OverlaySource({**stock.files, path: own})), JNDI)
    assert merged["connectionFactoryNames"] == (
        "connectionFactory, queueConnectionFactory, topicConnectionFactory, jms/OrderFactory"
    )


def test_the_database_password_is_found_by_its_look_up(customised: OverlaySource) -> None:
    merged = properties_of(overlay_of(customised), PASSWORDS)
    assert merged == {
        "jdbc-password.mueller": "geheimä",
        "jdbc-password.cluster-database": "db-secret",
    }


@pytest.mark.parametrize("password", ["", " x", "x\t"])
def test_a_password_that_the_erp_would_read_differently_is_refused(
    stock: OverlaySource, password: str
) -> None:
    secrets = OverlaySecrets(database_password=password, broker_password="y")
    with pytest.raises(OverlayError, match="Set another password") as caught:
        make_overlay(stock, cluster_document(), NODE, secrets)
    assert repr(password) not in str(caught.value)


def test_entity_caches_expire_and_a_users_own_expiry_still_wins(customised: OverlaySource) -> None:
    merged = properties_of(overlay_of(customised), CACHE)
    assert [merged[key] for key in ENTITY_CACHES] == ["3600000"] * 3
    assert merged["entitycache.entity.default.Product.expireTime"] == "5"
    assert merged["product.config.expireTime"] == "60000"


def test_without_an_expiry_the_cache_settings_are_the_trees_own(stock: OverlaySource) -> None:
    overlay = overlay_of(stock, cluster_document(cache_clear={"entity_expire_s": None}))
    assert content_of(overlay, CACHE) == stock.files["framework/base/config/cache.properties"]


def test_a_last_line_without_an_end_gets_one_before_keys_are_added(stock: OverlaySource) -> None:
    merged = properties_of(overlay_of(stock), CACHE)
    assert merged["scipio.urlrewrite.conf.webapp.expireTime"] == "0"


def test_a_tree_without_properties_files_gets_them_whole(stock: OverlaySource) -> None:
    files = {path: data for path, data in stock.files.items() if not path.endswith(".properties")}
    overlay = overlay_of(OverlaySource(files))
    assert "topic.ScipioTopic" in properties_of(overlay, JNDI)
    assert properties_of(overlay, PASSWORDS) == {"jdbc-password.cluster-database": "db-secret"}


def test_a_properties_file_that_java_cannot_load_is_named_with_its_line(
    stock: OverlaySource,
) -> None:
    path = "framework/base/config/jndi.properties"
    tree = changed(stock, path, "rmi://127.0.0.1:1099", "\\u00zz")
    with pytest.raises(OverlayError, match=rf"{path}: line 7: .*four hexadecimal digits"):
        overlay_of(tree)


def test_no_start_makes_tables_but_that_of_the_delegator_for_it_in_a_loader(
    stock: OverlaySource,
) -> None:
    """A loader's JVM works with `default` as well, which knows no limit to a wait for a lock."""
    overlay = overlay_of(stock)
    names = ("check-on-start", "add-missing-on-start")
    limited = [f"scipio.entity.datasource.cluster-schema.{name}" for name in names]
    serving = properties_of(overlay, SYSTEM_PROPERTIES)
    seeding = properties_of(overlay, SEED_SYSTEM_PROPERTIES)
    for name in names:
        assert serving[f"scipio.entity.datasource.localpostgres.{name}"] == "false"
    assert [serving.pop(key) for key in limited] == ["false"] * 2
    assert [seeding.pop(key) for key in limited] == ["true"] * 2
    assert serving == seeding


def test_the_node_says_who_it_is_and_where_visitors_are(stock: OverlaySource) -> None:
    values = properties_of(overlay_of(stock), SYSTEM_PROPERTIES)
    assert values["scipio.property.general#unique.instanceId"] == "scipio-1"
    assert values["scipio.property.url#force.https.host"] == "erp.example.com"
    assert values["scipio.property.url#port.https"] == "8443"
    assert values["scipio.property.url#override.request.host.port"] == "Y"
    assert values["scipio.property.content#baseUrl"] == "https://erp.example.com:8443"
    assert "scipio.property.url#port.http" not in values


def test_on_the_standard_port_links_name_no_port(stock: OverlaySource) -> None:
    overlay = overlay_of(stock, cluster_document(public_endpoint={"https_port": 443}))
    values = properties_of(overlay, SYSTEM_PROPERTIES)
    assert values["scipio.property.content#baseUrl"] == "https://erp.example.com"
    assert values["scipio.property.url#port.http"] == "80"


def test_without_a_search_host_search_is_off(stock: OverlaySource) -> None:
    values = properties_of(overlay_of(stock), SYSTEM_PROPERTIES)
    assert values["scipio.solr.enabled"] == "false"
    assert {key: value for key, value in values.items() if "solrconfig" in key} == {
        "scipio.property.solrconfig#solr.index.rebuild.autoRun.enabled": "false"
    }


def test_with_a_search_host_every_node_uses_it(stock: OverlaySource) -> None:
    overlay = overlay_of(stock, cluster_document(search={"host": "search", "port": 8983}))
    values = properties_of(overlay, SYSTEM_PROPERTIES)
    assert values["scipio.solr.enabled"] == "true"
    assert values["scipio.property.solrconfig#solr.webapp.domainName"] == "search"
    assert values["scipio.property.solrconfig#solr.webapp.portOverride"] == "8983"


SOLR_HOME = "applications/solr/"


def test_the_search_node_asks_its_own_solr_and_fills_it_at_every_start(
    stock: OverlaySource,
) -> None:
    """By the balancer's name it might reach the server that it is to follow."""
    document = cluster_document(search={"host": "search", "port": 8983}, node={"http_port": 8983})
    overlay = overlay_of(stock, document, role="search")
    values = properties_of(overlay, SYSTEM_PROPERTIES)
    assert values["scipio.solr.enabled"] == "true"
    assert values["scipio.property.solrconfig#solr.webapp.domainName"] == "localhost"
    assert values["scipio.property.solrconfig#solr.webapp.portOverride"] == "8983"
    assert values["scipio.startup.service"] == "rebuildSolrIndexNoDelete"
    assert values["solr.solr.home"] == SOLR_HOME
    assert "solr.solr.home" not in properties_of(overlay_of(stock, document), SYSTEM_PROPERTIES)
    assert "scipio.startup.service" not in properties_of(overlay, SEED_SYSTEM_PROPERTIES)
    assert "scipio.startup.service" not in properties_of(
        overlay_of(stock, document), SYSTEM_PROPERTIES
    )


def test_uploads_and_images_are_where_all_nodes_find_them(stock: OverlaySource) -> None:
    """Images by their own path and below /images/shared; uploads by the image's link."""
    document = cluster_document(shared_files={"path": "/mnt/erp"})
    values = properties_of(overlay_of(stock, document), SYSTEM_PROPERTIES)
    assert values["scipio.property.content#content.upload.path.prefix"] == "runtime/uploads"
    for file in ("catalog", "content"):
        path = values[f"scipio.property.{file}#image.server.path"]
        url = values[f"scipio.property.{file}#image.url.prefix"]
        assert (path, url) == ("/mnt/erp/images/${tenantId}", "/images/shared/${tenantId}")
    managed = values["scipio.property.catalog#image.management.path"]
    assert managed == "/mnt/erp/images/products/management"
    assert values["scipio.property.catalog#image.management.url"] == (
        "/images/shared/products/management"
    )


@pytest.mark.parametrize(("name", "length"), [("stock", "12"), ("customised", "20")])
def test_hardening_never_weakens_what_a_tree_asks_for(
    name: str, length: str, request: pytest.FixtureRequest
) -> None:
    values = properties_of(overlay_of(request.getfixturevalue(name)), SYSTEM_PROPERTIES)
    assert values["scipio.property.security#password.length.min"] == length


def test_the_system_properties_hold_no_secret(stock: OverlaySource) -> None:
    """The ERP logs every override with its value."""
    overlay = overlay_of(stock)
    for file in (SYSTEM_PROPERTIES, SEED_SYSTEM_PROPERTIES):
        data = content_of(overlay, file)
        assert SECRETS.database_password.encode() not in data
        assert SECRETS.broker_password.encode() not in data


@settings(max_examples=40, deadline=None)
@given(password=st.text(min_size=1).map(str.strip).filter(bool))
def test_any_database_password_reads_back_equal(password: str) -> None:
    secrets = OverlaySecrets(database_password=password, broker_password="y")
    overlay = make_overlay(read_tree(TREES / "stock"), cluster_document(), NODE, secrets)
    assert properties_of(overlay, PASSWORDS)["jdbc-password.cluster-database"] == password


GENERAL = "scipio.property.general#"


@pytest.mark.parametrize(
    ("encryption", "port", "expected"),
    [
        ("starttls", 587, {"mail.smtp.starttls.enable": "true"}),
        (
            "tls",
            465,
            {
                "mail.smtp.starttls.enable": "false",
                "mail.smtp.socketFactory.port": "465",
                "mail.smtp.socketFactory.class": "javax.net.ssl.SSLSocketFactory",
                "mail.smtp.socketFactory.fallback": "false",
            },
        ),
        ("none", 2525, {"mail.smtp.starttls.enable": "false"}),
    ],
)
def test_mail_goes_to_the_relay(
    stock: OverlaySource, encryption: str, port: int, expected: dict[str, str]
) -> None:
    """By the keys that EmailServices asks general.properties for."""
    mail = Mail.model_validate(
        {
            "relay_host": "smtp.example.com",
            "port": port,
            "encryption": encryption,
            "from_address": "erp@example.com",
        }
    )
    document = cluster_document().model_copy(update={"mail": mail})
    written = properties_of(make_overlay(stock, document, NODE, SECRETS), SYSTEM_PROPERTIES)
    told = {
        key.removeprefix(GENERAL): value
        for key, value in written.items()
        if key.startswith(f"{GENERAL}mail.") or key == f"{GENERAL}defaultFromEmailAddress"
    }
    assert told == expected | {
        "mail.notifications.enabled": "Y",
        "mail.smtp.relay.host": "smtp.example.com",
        "mail.smtp.port": str(port),
        "defaultFromEmailAddress": "erp@example.com",
    }


def test_without_a_relay_mail_is_as_the_tree_has_it_but_never_waits_for_ever(
    stock: OverlaySource,
) -> None:
    written = properties_of(overlay_of(stock), SYSTEM_PROPERTIES)
    assert not [key for key in written if key.startswith(f"{GENERAL}mail.")]
    waits = ("connectiontimeout", "timeout", "writetimeout")
    assert all(0 < int(written[f"mail.smtp.{each}"]) <= 30_000 for each in waits)
