"""One whole context for each template."""

from templates.amazonmq.context import AmazonMqConfiguration
from templates.broker.context import BrokerCredentials, BrokerXml
from templates.context import Context
from templates.database.context import PgHba, PostgresqlConf
from templates.haproxy.context import (
    BalancerConfiguration,
    BlockedPattern,
    DockerNodes,
    Listeners,
    MaintenancePage,
    NodeAddress,
    NodeAlias,
    StaticNodes,
    request_limits,
)
from templates.overlay.contexts import (
    Attribute,
    CacheProperties,
    HealthConnector,
    HttpConnector,
    InlineJdbc,
    JmsService,
    JndiProperties,
    LoadingDelegator,
    MailRelay,
    PasswordsProperties,
    SolrPlace,
    SystemProperties,
)
from templates.userdata.context import NodeService, NodeUserData, ServerEnvironment

BALANCER = BalancerConfiguration(
    listen=Listeners(control_folder="/run/balancer"),
    certificate_path="/etc/certificate.pem",
    public_host="erp.example.com",
    public_origin="https://erp.example.com:8443",
    public_https_port=8443,
    nodes=DockerNodes(
        groups=(
            NodeAlias(name="blue", alias="app-blue"),
            NodeAlias(name="green", alias="app-green"),
        ),
        port=8081,
        health_port=8083,
        sign_port=8082,
        slots=6,
        requests=request_limits(10),
    ),
    dynamic_cookie_key="key-of-cookies",
    cookie_name="SCIPIO_NODE",
    stickiness_s=3600,
    health_path="/images/busy.gif",
    health_interval_s=2,
    healthy_threshold=3,
    unhealthy_threshold=4,
    root_redirect="/admin/control/main",
    blocked=(BlockedPattern(pattern="^/solr(/|$)", reason="needs no log-in"),),
    public=("^/shop(/|$)",),
    allowed_views=("^(/[^/]+)?/control/authview(/|$)",),
    back_office_cidrs=("192.0.2.0/24",),
    maintenance=MaintenancePage(page="<p>Soon.</p>", still_in=("192.0.2.0/24",)),
)
STATIC_BALANCER = BalancerConfiguration(
    **{
        **BALANCER.__dict__,
        "nodes": StaticNodes(
            addresses=(
                NodeAddress(
                    name="one", host="10.0.0.1", port=8081, health_port=8083, sign_port=8082
                ),
            ),
            requests=request_limits(10),
        ),
    }
)
SYSTEM_PROPERTIES = SystemProperties(
    instance_id="scipio-1",
    datasource="localpostgres",
    schema_datasource="cluster-schema",
    make_schema=False,
    public_host="erp.example.com",
    public_https_port=443,
    public_http_port=80,
    base_url="https://erp.example.com",
    search=SolrPlace(host="search", port=8983),
    fills_index=False,
    shared_path="/srv/scipio/shared",
    mail=MailRelay(
        relay_host="smtp.example.com",
        port=465,
        starttls=False,
        tls=True,
        from_address="erp@example.com",
        redirect_to="trial@example.com",
    ),
    password_length_min=12,
)

SAMPLES: tuple[Context, ...] = (
    InlineJdbc(
        jdbc_uri="jdbc:x",
        user="app",
        password_lookup="look-up",
        pool_min=2,
        pool_max=10,
        pool_wait_ms=10_000,
    ),
    LoadingDelegator(
        name="seed",
        attributes=(Attribute(name="entity-model-reader", value="main"),),
        groups=((Attribute(name="group-name", value="org.ofbiz"),),),
    ),
    JmsService(topic="ScipioTopic", user="scipio", password="secret"),
    JmsService(
        topic="ScipioTopic", user="scipio", password="secret", listener_class="own.Listener"
    ),
    HttpConnector(
        port=8081, public_https_port=8443, max_threads=10, max_connections=510, keep_alive_ms=75_000
    ),
    HealthConnector(port=8083, max_threads=2),
    JndiProperties(
        context_factory="a.Factory",
        provider_url="failover:(ssl://a:1)",
        topic="ScipioTopic",
        factory_names="connectionFactory",
    ),
    PasswordsProperties(password_lookup="look-up", password="secret"),
    CacheProperties(expire_ms=1000),
    SYSTEM_PROPERTIES,
    BALANCER,
    STATIC_BALANCER,
    BrokerXml(
        broker_name="broker-a",
        topic="ScipioTopic",
        app_user="scipio",
        operator_user="operator",
    ),
    BrokerCredentials(
        key_store_password="k-secret", app_password="a-secret", operator_password="o-secret"
    ),
    AmazonMqConfiguration(
        topic="ScipioTopic",
        topic_memory_mib=64,
        unread_messages=10_000,
        slow_consumer_ms=60_000,
    ),
    PostgresqlConf(max_connections=100),
    PgHba(database="scipio", app_user="scipio_app", admin_user="postgres"),
    NodeUserData(
        document='{\n  "cluster": "scipio-prod"\n}',
        environment="SCIPIO_ROLE=app\n",
        node_service="[Unit]\n",
        lifecycle_service="[Unit]\n",
        prepare_node="#!/bin/sh\n",
        start_node="#!/bin/sh\n",
        watch_lifecycle="#!/bin/sh\n",
    ),
    ServerEnvironment(
        region="eu-central-1",
        group="scipio-prod-blue",
        launch_hook="launch",
        terminate_hook="terminate",
        ready_within_s=900,
        back_within_s=700,
        let_go_within_s=420,
        drain_within_s=900,
        stop_within_s=70,
        image="123456789012.dkr.ecr.eu-central-1.amazonaws.com/node@sha256:0",
        registry="123456789012.dkr.ecr.eu-central-1.amazonaws.com",
        role="app",
        port=8081,
        health_port=8083,
        memory_mib=3000,
        user_id=10001,
        references="",
        preparation_references="",
        serving_profile="arn:aws:iam::123456789012:instance-profile/serving",
        log_group="/scipio-prod/nodes",
        file_system="fs-0123",
        access_point="fsap-0123",
        shared_path="/srv/scipio/shared",
    ),
    NodeService(stop_within_s=70),
)
