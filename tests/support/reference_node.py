"""Reference nodes for tests: a tree of its own with an overlay written by hand, and its process."""

import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self
from xml.sax.saxutils import quoteattr

import httpx

from contract.cluster_document import Failover
from node.trust_store import TRUST_STORE_PASSWORD
from templates.overlay.broker_url import bounds
from tests.support.certificates import java_trust_store
from tests.support.java_artifacts import reference_node_home
from tests.support.server_process import ServerProcess, free_port
from tests.support.servers import TestDatabase

START_LIMIT_S = 30
LOAD_LIMIT_S = 180
JVM_FLAGS = ("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
BOUNDED = "&".join(f"{name}={value}" for name, value in bounds(Failover()).items())

_ENTITY_ENGINE = """\
<entity-config>
  <delegator name="default" distributed-cache-clear-enabled="{distributed}"{sender}>
    <group-map group-name="org.ofbiz" datasource-name="localpostgres"/>
  </delegator>
  <delegator name="seed" distributed-cache-clear-enabled="false">
    <group-map group-name="org.ofbiz" datasource-name="localpostgres"/>
  </delegator>
  <datasource name="localpostgres" schema-name="public"
      check-on-start="true" add-missing-on-start="true">
    <inline-jdbc jdbc-driver="org.postgresql.Driver" jdbc-uri={uri} jdbc-username={user}
        jdbc-password-lookup="postgres-app" isolation-level="ReadCommitted"
        pool-minsize="1" pool-maxsize="8" test-on-borrow="true"/>
  </datasource>
</entity-config>
"""

_SERVICE_ENGINE = """\
<service-config>
  <service-engine name="default">
    <thread-pool poll-db-millis="200" min-threads="2" jobs="100" poll-enabled="{polls}">
      <run-from-pool name="pool"/>
    </thread-pool>
    {messenger}
  </service-engine>
</service-config>
"""

_MESSENGER = """\
<jms-service name="serviceMessenger" send-mode="all">
  <server jndi-server-name="default" jndi-name="topicConnectionFactory" topic-queue="ScipioTopic"
      type="topic" username={user} password={password} listen="true"{listener}/>
</jms-service>
"""

_JNDI = """\
java.naming.factory.initial=clustercacheclear.activemq.BrokerContextFactory
java.naming.provider.url={url}
connectionFactoryNames=connectionFactory, queueConnectionFactory, topicConnectionFactory
topic.ScipioTopic=ScipioTopic
"""

_RESILIENT_SENDER = (
    ' distributed-cache-clear-class-name="clustercacheclear.erp.ResilientCacheClear"'
)
_WATCHED_LISTENER = ' listener-class="clustercacheclear.erp.WatchedTopicListener"'


@dataclass(frozen=True)
class Topic:
    """Where the nodes' topic is and who may use it."""

    urls: Sequence[str]
    user: str
    password: str = field(repr=False)
    authorities: Sequence[str] = ()
    """PEM; of brokers that listen with TLS."""


class ReferenceNode:
    """One node in `folder`: `start`, speak HTTP through `http`, `stop` or `kill`, `start` again.

    Without `topic` there is no jms-service. The database's tables are not made at start
    (check-on-start off), as in a cluster, unless `load_data` makes them. `resilient` puts the
    cluster component in the place of the stock sender and listener.
    """

    def __init__(
        self,
        folder: Path,
        instance_id: str,
        database: TestDatabase,
        topic: Topic | None,
        *,
        distributed: bool = True,
        resilient: bool = False,
        polls: bool = False,
        proxy_port: int = 443,
    ) -> None:
        self.instance_id = instance_id
        self.port = free_port()
        self.home = folder / instance_id / "home"
        self.system_properties = folder / instance_id / "system.properties"
        self.log = folder / instance_id / "node.log"
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=20)
        self.process: ServerProcess | None = None
        self._lay_out_home()
        self.write("entityengine.xml", _entity_engine(database, distributed, resilient))
        self.write("passwords.properties", f"jdbc-password.postgres-app={database.password}\n")
        self.write("serviceengine.xml", _service_engine(topic, polls, resilient))
        if topic:
            url = f"failover:({','.join(topic.urls)})?{BOUNDED}"
            self.write("jndi.properties", _JNDI.format(url=url))
        self._set_connector(proxy_port)
        self._trust = _trusting(folder / instance_id, topic.authorities if topic else ())
        self.write_system_properties({})

    def write(self, name: str, text: str) -> None:
        """Puts a file at the root of the node's tree, where it wins over the component's own."""
        (self.home / name).write_text(text)

    def remove_overlay(self) -> None:
        """The tree is as it was built; an overlay of another making may follow."""
        shutil.rmtree(self.home)
        self._lay_out_home()

    def write_system_properties(self, further: Mapping[str, str]) -> None:
        """The file of `-Dofbiz.system.props`: the instance id, no table checks, and `further`."""
        properties = {
            "scipio.property.general.unique.instanceId": self.instance_id,
            "scipio.cluster.instanceId": self.instance_id,
            "scipio.entity.datasource.localpostgres.check-on-start": "false",
            **self._trust,
            **further,
        }
        self.system_properties.write_text(
            "".join(f"{key}={value}\n" for key, value in properties.items())
        )

    def start(self) -> None:
        """The node answers its health path."""
        self.process = self.launch()
        self.process.wait_until_usable(self.is_healthy, within_s=START_LIMIT_S)

    def launch(self) -> ServerProcess:
        """Starts the process and does not wait for it."""
        return ServerProcess(
            f"reference node {self.instance_id}", self._command(), log=self.log, folder=self.home
        )

    def is_healthy(self) -> bool:
        try:
            return self.http.get("/images/busy.gif").status_code == 200
        except httpx.TransportError:
            return False

    def load_data(
        self, *arguments: str, creates_tables: bool = True
    ) -> subprocess.CompletedProcess[str]:
        """Runs `load-data` to its end, whatever its exit code."""
        seeding = self.system_properties.with_name("seeding.properties")
        seeding.write_text(
            f"scipio.entity.datasource.localpostgres.check-on-start={str(creates_tables).lower()}\n"
        )
        return self.run("load-data", *arguments, system_properties=seeding)

    def run(self, *arguments: str, system_properties: Path) -> subprocess.CompletedProcess[str]:
        """Runs the jar with these arguments to its end, whatever its exit code."""
        return subprocess.run(
            [*self._command(system_properties), *arguments],
            cwd=self.home,
            capture_output=True,
            text=True,
            timeout=LOAD_LIMIT_S,
            check=False,
        )

    def state(self) -> dict[str, object]:
        """The answer of `/reference/node`."""
        state: dict[str, object] = self.http.get("/reference/node").raise_for_status().json()
        return state

    def is_subscribed(self) -> bool:
        return self.state()["subscribed"] is True

    def stop(self) -> int:
        """SIGTERM; returns the exit code."""
        return self._end(signal.SIGTERM)

    def kill(self) -> int:
        return self._end(signal.SIGKILL)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process is not None:
            # Pytest shows it with a test that failed, and only then.
            print(self.process.last_words())
            self.kill()
        self.http.close()

    def _command(self, system_properties: Path | None = None) -> list[str]:
        named = system_properties or self.system_properties
        return ["java", *JVM_FLAGS, f"-Dofbiz.system.props={named}", "-jar", "reference-node.jar"]

    def _lay_out_home(self) -> None:
        built = reference_node_home()
        shutil.copytree(built / "framework", self.home / "framework")
        (self.home / "reference-node.jar").hardlink_to(built / "reference-node.jar")
        (self.home / "lib").symlink_to(built / "lib")

    def _set_connector(self, proxy_port: int) -> None:
        file = self.home / "framework" / "catalina" / "scipio-component.xml"
        file.write_text(
            file.read_text().replace(
                '<property name="port" value="8080"/>\n'
                '            <property name="protocol" value="HTTP/1.1"/>\n'
                '            <property name="scheme" value="http"/>\n'
                '            <property name="secure" value="false"/>',
                f'<property name="port" value="{self.port}"/>\n'
                '            <property name="address" value="127.0.0.1"/>\n'
                '            <property name="protocol" value="HTTP/1.1"/>\n'
                '            <property name="scheme" value="https"/>\n'
                '            <property name="secure" value="true"/>\n'
                # Few enough that a hundred requests start all of them.
                '            <property name="maxThreads" value="50"/>\n'
                f'            <property name="proxyPort" value="{proxy_port}"/>',
            )
        )

    def _end(self, sent: signal.Signals) -> int:
        assert self.process is not None, "start it first"
        ended, self.process = self.process, None
        return ended.end(sent)


def _trusting(folder: Path, authorities: Sequence[str]) -> Mapping[str, str]:
    """Properties of a JVM that trusts these authorities, in a store that is made in `folder`."""
    if not authorities:
        return {}
    trust_store = folder / "trust.p12"
    trust_store.write_bytes(java_trust_store(TRUST_STORE_PASSWORD, *authorities))
    return {
        "javax.net.ssl.trustStore": str(trust_store),
        "javax.net.ssl.trustStoreType": "PKCS12",
        "javax.net.ssl.trustStorePassword": TRUST_STORE_PASSWORD,
    }


def _entity_engine(database: TestDatabase, distributed: bool, resilient: bool) -> str:
    return _ENTITY_ENGINE.format(
        distributed=str(distributed).lower(),
        sender=_RESILIENT_SENDER if resilient else "",
        uri=quoteattr(database.jdbc_url),
        user=quoteattr(database.user),
    )


def _service_engine(topic: Topic | None, polls: bool, resilient: bool) -> str:
    messenger = ""
    if topic:
        messenger = _MESSENGER.format(
            user=quoteattr(topic.user),
            password=quoteattr(topic.password),
            listener=_WATCHED_LISTENER if resilient else "",
        )
    return _SERVICE_ENGINE.format(polls=str(polls).lower(), messenger=messenger)
