"""A real ActiveMQ Classic broker in a temporary folder, on a free port of 127.0.0.1."""

import contextlib
import os
import secrets
import shutil
import signal
import socket
import ssl
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self
from xml.sax.saxutils import quoteattr

from tests.support.certificates import make_server_certificate
from tests.support.java_artifacts import broker_jars
from tests.support.server_process import ServerProcess, free_port

START_LIMIT_S = 60
WIRE_FORMAT_MAGIC = b"ActiveMQ"
"""In the first frame a broker sends to whoever connects (OpenWire's WireFormatInfo)."""

_BROKER_XML = """\
<beans xmlns="http://www.springframework.org/schema/beans"
       xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
       xsi:schemaLocation="http://www.springframework.org/schema/beans
         http://www.springframework.org/schema/beans/spring-beans.xsd
         http://activemq.apache.org/schema/core
         http://activemq.apache.org/schema/core/activemq-core.xsd">
  <broker xmlns="http://activemq.apache.org/schema/core" brokerName={name} useJmx="false"
          schedulerSupport="false" persistent={persistent} dataDirectory={data}>
    {persistence}
    <plugins>
      <simpleAuthenticationPlugin anonymousAccessAllowed="false">
        <users>{users}</users>
      </simpleAuthenticationPlugin>
    </plugins>
    {ssl_context}
    <systemUsage>
      <systemUsage>
        <memoryUsage><memoryUsage limit="32 mb"/></memoryUsage>
        <storeUsage><storeUsage limit="128 mb"/></storeUsage>
        <tempUsage><tempUsage limit="64 mb"/></tempUsage>
      </systemUsage>
    </systemUsage>
    <transportConnectors>
      <transportConnector name="openwire" uri={uri}/>
    </transportConnectors>
  </broker>
</beans>
"""

_LOG4J_PROPERTIES = """\
status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d %-5p %c{1}: %m%n
rootLogger.level = info
rootLogger.appenderRef.console.ref = console
"""


class ActiveMqBroker:
    """One broker: `start`, `stop`, `kill`, `freeze`, and `start` again on the same port.

    `users` maps names to passwords; nobody else may connect. With `tls` it listens with TLS under
    its own authority, `ca_certificate`. Two brokers with the same `store` are a pair: the one that
    holds the store's lock is live and listens, the other waits (`start(wait=False)`).
    """

    def __init__(
        self,
        *,
        users: Mapping[str, str] | None = None,
        tls: bool = False,
        store: Path | None = None,
        name: str = "test",
    ) -> None:
        self.host = "127.0.0.1"
        self.port = free_port()
        self.users = dict(users) if users is not None else {"scipio": secrets.token_hex(8)}
        self.name = name
        self.folder = Path(tempfile.mkdtemp(prefix="test-activemq-"))
        self._store = store
        self.key_store_password = secrets.token_hex(8)
        self.log = self.folder / "broker.log"
        self.key_store = self.folder / "keystore.p12"
        self.ca_certificate: str | None = None
        self._process: ServerProcess | None = None
        if tls:
            made = make_server_certificate(self.key_store_password)
            self.ca_certificate = made.authority_pem
            self.key_store.write_bytes(made.key_store)

    @property
    def url(self) -> str:
        """`tcp://127.0.0.1:<port>`, or `ssl://…` with TLS; no credentials, no `failover:`."""
        return f"{'ssl' if self.ca_certificate else 'tcp'}://{self.host}:{self.port}"

    def cpu_seconds(self) -> float:
        """What its process has taken of the processors since its start."""
        assert self._process is not None, "start it first"
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        user, system = int(fields[11]), int(fields[12])
        return (user + system) / os.sysconf("SC_CLK_TCK")

    def start(self, *, wait: bool = True) -> None:
        """The broker speaks OpenWire; with `wait=False` it may still boot or wait for the lock."""
        configuration = self._write_configuration()
        self._process = ServerProcess(
            f"ActiveMQ broker {self.name}",
            [
                "java",
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                f"-Dlog4j2.configurationFile={self.folder / 'log4j2.properties'}",
                f"-Djava.io.tmpdir={self.folder}",
                "-cp",
                f"{broker_jars()}/*",
                "org.apache.activemq.console.command.ShellCommand",
                "start",
                f"xbean:{configuration.as_uri()}",
            ],
            log=self.log,
            folder=self.folder,
        )
        if wait:
            self.wait_until_usable()

    def wait_until_usable(self, within_s: float = START_LIMIT_S) -> float:
        """Waits until it speaks OpenWire; returns the seconds it took."""
        assert self._process is not None, "start it first"
        return self._process.wait_until_usable(self.is_live, within_s=within_s)

    def is_live(self) -> bool:
        """Whether it listens and greets as an ActiveMQ broker does."""
        try:
            with self._connect() as connection:
                return WIRE_FORMAT_MAGIC in connection.recv(64)
        except OSError:
            return False

    def waits_for_store(self) -> bool:
        """Whether it said that another broker holds the lock of the shared store."""
        return "is locked by another server" in self.log.read_text(errors="replace")

    def stop(self) -> None:
        """Clean end: clients are told."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Gone at once, as in a crash."""
        self._end(signal.SIGKILL)

    def freeze(self) -> None:
        """Accepts connections (the kernel does) and never answers, until `thaw` or an end."""
        assert self._process is not None, "start it first"
        self._process.send(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._process is not None, "start it first"
        self._process.send(signal.SIGCONT)

    def remove(self) -> None:
        """Ends it if it runs and deletes its folder (not a store that was handed in)."""
        self.kill()
        shutil.rmtree(self.folder)

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as on_failure:
            on_failure.callback(self.remove)
            self.start()
            on_failure.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.remove()

    def _connect(self) -> socket.socket:
        plain = socket.create_connection((self.host, self.port), timeout=2)
        if self.ca_certificate is None:
            return plain
        with contextlib.ExitStack() as closing:
            closing.enter_context(plain)
            context = ssl.create_default_context(cadata=self.ca_certificate)
            secured = context.wrap_socket(plain, server_hostname=self.host)
            closing.pop_all()
        return secured

    def _write_configuration(self) -> Path:
        users = "".join(
            f"<authenticationUser username={quoteattr(name)} password={quoteattr(password)}"
            ' groups="nodes"/>'
            for name, password in self.users.items()
        )
        ssl_context = persistence = ""
        if self.ca_certificate:
            key_store = quoteattr(self.key_store.as_uri())
            ssl_context = (
                f"<sslContext><sslContext keyStore={key_store} keyStoreType='PKCS12'"
                f" keyStorePassword={quoteattr(self.key_store_password)}/></sslContext>"
            )
        if self._store:
            persistence = (
                f"<persistenceAdapter><kahaDB directory={quoteattr(str(self._store))}>"
                "<locker><shared-file-locker lockAcquireSleepInterval='200'/></locker>"
                "</kahaDB></persistenceAdapter>"
            )
        self.write_log4j_properties()
        configuration = self.folder / "broker.xml"
        configuration.write_text(
            _BROKER_XML.format(
                name=quoteattr(self.name),
                persistent=quoteattr(str(self._store is not None).lower()),
                data=quoteattr(str(self.folder / "data")),
                persistence=persistence,
                users=users,
                ssl_context=ssl_context,
                uri=quoteattr(self.url),
            )
        )
        return configuration

    def write_log4j_properties(self) -> None:
        """Everything from `info` on goes to the log."""
        (self.folder / "log4j2.properties").write_text(_LOG4J_PROPERTIES)

    def _end(self, sent: signal.Signals) -> None:
        if self._process is not None:
            self._process.end(sent)
            self._process = None
