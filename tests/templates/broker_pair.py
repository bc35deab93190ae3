"""Brokers that run with our own configuration, and a Java client that visits them."""

import secrets
import socket
import subprocess
from pathlib import Path

from contract.cluster_document import BrokerEndpoint, FileSecret, Messaging
from templates.broker.context import BrokerCredentials, BrokerXml
from templates.overlay.broker_url import broker_url
from templates.renderer import render
from tests.support.certificates import (
    ServerCertificate,
    java_trust_store,
    make_server_certificate,
)
from tests.support.java_artifacts import broker_jars, reference_node_home
from tests.support.server_process import ServerProcess, free_port, wait_until

ADDRESS = "127.0.0.1"
HOSTILE = "a&b\"c'd<e>$g{h}#!=:\\é"
"""No blank, so that it is one word for the visitor."""


class TemplateBroker:
    """One broker of a pair, as the image starts it but on a free port and on folders of its own."""

    def __init__(
        self, name: str, folder: Path, store: Path, certificate: ServerCertificate
    ) -> None:
        self.port = free_port()
        self._name = name
        self._folder = folder
        credentials = folder / "credentials.properties"
        (folder / "broker.p12").write_bytes(certificate.key_store)
        credentials.write_text(
            render(
                BrokerCredentials(
                    key_store_password=KEY_STORE_PASSWORD,
                    app_password=HOSTILE,
                    operator_password="operator-secret",
                )
            )
        )
        self.xml = render(
            BrokerXml(
                broker_name=name,
                store_folder=str(store),
                data_folder=str(folder),
                credentials_path=str(credentials),
                key_store_path=str(folder / "broker.p12"),
                port=self.port,
                topic="ScipioTopic",
                app_user="scipio",
                operator_user="operator",
            )
        )
        (folder / "activemq.xml").write_text(self.xml)
        self._process: ServerProcess | None = None

    @property
    def log(self) -> str:
        return (self._folder / "broker.log").read_text(errors="replace")

    def start(self) -> None:
        self._process = ServerProcess(
            f"broker {self._name}",
            [
                "java",
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dorg.apache.logging.log4j.level=INFO",
                f"-Djava.io.tmpdir={self._folder}",
                "-cp",
                f"{broker_jars()}/*",
                "org.apache.activemq.console.command.ShellCommand",
                "start",
                f"xbean:file:{self._folder / 'activemq.xml'}",
            ],
            log=self._folder / "broker.log",
            folder=self._folder,
        )

    def wait_until_live(self) -> None:
        assert self._process is not None
        self._process.wait_until_usable(self.listens, within_s=60)

    def wait_until_waiting(self) -> None:
        assert self._process is not None
        self._process.wait_until_usable(
            lambda: "is locked by another server" in self.log, within_s=60
        )

    def listens(self) -> bool:
        try:
            socket.create_connection((ADDRESS, self.port), timeout=2).close()
        except OSError:
            return False
        return True

    def end(self) -> None:
        if self._process is not None:
            self._process.end()
            self._process = None


KEY_STORE_PASSWORD = secrets.token_hex(8)


class BrokerPair:
    """Two brokers over one store, and one authority."""

    def __init__(self, folder: Path) -> None:
        certificate = make_server_certificate(KEY_STORE_PASSWORD)
        self._trust = folder / "trust.p12"
        self._trust.write_bytes(java_trust_store(KEY_STORE_PASSWORD, certificate.authority_pem))
        self._folder = folder
        self.brokers = [
            TemplateBroker(name, _made(folder / name), folder / "store", certificate)
            for name in ("broker-a", "broker-b")
        ]

    def end(self) -> None:
        for broker in self.brokers:
            broker.end()

    @property
    def url(self) -> str:
        """As a node has it: over both brokers, whichever is live."""
        brokers = tuple(BrokerEndpoint(host=ADDRESS, port=broker.port) for broker in self.brokers)
        return broker_url(Messaging(brokers=brokers, password=FileSecret(name="unused")))

    def visit(self, *visits: str) -> list[str]:
        """What came of each visit, in order; see BrokerVisit.java."""
        lines = [self.url, *visits]
        home = reference_node_home()
        program = Path(__file__).parent / "BrokerVisit.java"
        answer = subprocess.run(
            [
                "java",
                "-XX:TieredStopAtLevel=1",
                f"-Djavax.net.ssl.trustStore={self._trust}",
                f"-Djavax.net.ssl.trustStorePassword={KEY_STORE_PASSWORD}",
                "-cp",
                f"{home / 'reference-node.jar'}:{home / 'lib'}/*",
                str(program),
            ],
            input="".join(f"{line}\n" for line in lines),
            cwd=self._folder,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert answer.returncode == 0, answer.stderr
        return [line for line in answer.stdout.splitlines() if ": re" in line or ": no" in line]

    def wait_until_taken_over(self, broker: TemplateBroker) -> float:
        return wait_until("the waiting broker is live", broker.listens, within_s=30)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
