"""Known holes of what this project pins, and the oldest version without each.

Looked up on 2026-11-30, with the newest versions that Maven Central and PyPI served on that day. A
hole whose patch is of a line that we cannot take has its reason in `docs/decisions/pins.md`.
"""

from dataclasses import dataclass
from typing import Final

LOOKED_UP: Final = "2026-11-30"


@dataclass(frozen=True, kw_only=True)
class Hole:
    """A pin must be at least `minimum`; `pin` is group:artifact in a pom, or a Python package."""

    pin: str
    where: str
    minimum: str
    because: str


JAVA: Final = (
    Hole(
        pin="org.apache.activemq:activemq-client",
        where="image/cluster-component/pom.xml",
        minimum="5.17.7",
        because="CVE-2025-27533: unchecked buffer sizes in OpenWire exhaust the memory",
    ),
    Hole(
        pin="org.apache.activemq:activemq-client",
        where="image/reference-node/pom.xml",
        minimum="5.17.7",
        because="CVE-2025-27533: unchecked buffer sizes in OpenWire exhaust the memory",
    ),
    Hole(
        pin="org.apache.activemq:activemq-client",
        where="image/broker/pom.xml",
        minimum="5.19.8",
        because="CVE-2026-50734, CVE-2026-53917: OpenWire exhausts the memory before a log-in",
    ),
    Hole(
        pin="org.apache.activemq:activemq-broker",
        where="image/broker/pom.xml",
        minimum="5.19.7",
        because="CVE-2025-27533, CVE-2026-34197 and what 5.19.2 to 5.19.7 patched after them",
    ),
    Hole(
        pin="org.springframework:spring-context",
        where="image/broker/pom.xml",
        minimum="5.3.39",
        because="CVE-2024-38808: an expression exhausts the processor",
    ),
    Hole(
        pin="org.apache.logging.log4j:log4j-slf4j2-impl",
        where="image/broker/pom.xml",
        minimum="2.25.4",
        because="CVE-2025-68161, CVE-2026-34477: an appender does not verify its server's name",
    ),
    Hole(
        pin="org.postgresql:postgresql",
        where="image/reference-node/pom.xml",
        minimum="42.7.12",
        because="CVE-2024-1597 (SQL injection), CVE-2025-49146, CVE-2026-54291 (channel binding)",
    ),
    Hole(
        pin="org.postgresql:postgresql",
        where="image/scipio/pom.xml",
        minimum="42.7.12",
        because="CVE-2025-49146, CVE-2026-54291: channel binding is given up in silence",
    ),
)

FORBIDDEN: Final = {"org.apache.activemq:activemq-openwire-legacy": "image/broker/pom.xml"}
"""Artifacts that must stay excluded: no patched version of them was served on that day."""
