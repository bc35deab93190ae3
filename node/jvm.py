"""The JVM's command line. What is secret goes through files of the overlay, never through here."""

from dataclasses import dataclass
from pathlib import Path

from contract.cluster_document import NodeRuntime
from node.membership import LEASE_S
from node.trust_store import TRUST_STORE_PASSWORD

SERIAL_COLLECTOR_MAX_HEAP_MIB = 2048
"""Up to here the serial collector; measured on the ERP with a heap of 1536 MiB: resident memory
1.12 to 1.16 GB instead of 1.5 GB, boot 16.3 s instead of 17 s. Above, its pauses would be felt."""
INITIAL_HEAP_MIB = 128
"""As the ERP's own start.sh:23: memory that is not needed is not taken."""


@dataclass(frozen=True, kw_only=True)
class JavaCommands:
    """Command lines for one tree; all run in `OFBIZ_HOME`."""

    runtime: NodeRuntime
    jar: str
    trust_store: Path | None

    def node(
        self, system_properties: Path, cache_clear_figures: Path, membership: Path | None = None
    ) -> tuple[str, ...]:
        """Starts the node itself; its cluster component writes `cache_clear_figures`, and lets
        visitors in by what `membership` says: everybody without it.
        """
        return (
            *self._java(system_properties),
            *self._gate(membership),
            # Read by FiguresReport of image/cluster-component; the stock sender has no figures.
            f"-Dscipio.cluster.cacheClear.figuresFile={cache_clear_figures}",
            "-jar",
            self.jar,
        )

    def loader(self, system_properties: Path, *arguments: str) -> tuple[str, ...]:
        """Loads data and ends. A loader has exit code 0 also when it failed."""
        return (*self._java(system_properties), "-jar", self.jar, "load-data", *arguments)

    def _java(self, system_properties: Path) -> tuple[str, ...]:
        runtime = self.runtime
        language, _, country = runtime.locale.partition("_")
        return (
            "java",
            f"-Xms{min(INITIAL_HEAP_MIB, runtime.heap_mib)}m",
            f"-Xmx{runtime.heap_mib}m",
            *self._collector(),
            # A JVM that is out of memory is of no use and would still answer its health path.
            "-XX:+ExitOnOutOfMemoryError",
            # A heap dump or a core file would hold every secret.
            "-XX:-HeapDumpOnOutOfMemoryError",
            "-XX:-CreateCoredumpOnCrash",
            "-Dfile.encoding=UTF-8",
            f"-Duser.timezone={runtime.time_zone}",
            f"-Duser.language={language}",
            *((f"-Duser.country={country}",) if country else ()),
            # start.sh:27 of the ERP.
            "-Djava.security.egd=file:///dev/./urandom",
            # What Xerces takes anyhow, found by a look through the whole class path for each of the
            # parsers that it makes, five a document (docs/performance.md, Boot and memory).
            "-Dorg.apache.xerces.xni.parser.XMLParserConfiguration="
            "org.apache.xerces.parsers.XIncludeAwareParserConfiguration",
            *self._trust(),
            f"-Dofbiz.system.props={system_properties}",
        )

    def _gate(self, membership: Path | None) -> tuple[str, ...]:
        """Read by VisitorGate of image/cluster-component."""
        if membership is None:
            return ()
        name = "-Dscipio.cluster.membership"
        return (
            f"{name}.file={membership}",
            f"{name}.leaseSeconds={LEASE_S:g}",
            f"{name}.freePath={self.runtime.health_path}",
        )

    def _collector(self) -> tuple[str, ...]:
        small = self.runtime.heap_mib <= SERIAL_COLLECTOR_MAX_HEAP_MIB
        return ("-XX:+UseSerialGC",) if small else ("-XX:+UseG1GC",)

    def _trust(self) -> tuple[str, ...]:
        if self.trust_store is None:
            return ()
        return (
            f"-Djavax.net.ssl.trustStore={self.trust_store}",
            f"-Djavax.net.ssl.trustStorePassword={TRUST_STORE_PASSWORD}",
        )
