"""`scipio:nodes` on AWS: how one node runs its JVM."""

from typing import Annotated

from pydantic import Field

from contract.names import LocaleName, TimeZoneName
from settings.section import Section


class NodeJvm(Section):
    """The JVM of a node; how many nodes there are is said in `servers` and `release`."""

    heap_mib: Annotated[int, Field(ge=64, le=65_536)] | None
    """The largest heap of a node's JVM (`-Xmx`); null takes what the server's memory allows."""
    job_threads: Annotated[int, Field(ge=1, le=100)]
    """Threads that run the ERP's background jobs on one node."""
    boot_timeout_s: Annotated[int, Field(ge=10, le=3600)]
    """A node that does not serve within this time after its JVM's start has failed."""
    stop_timeout_s: Annotated[int, Field(ge=1, le=3600)]
    """How long a JVM that was told to stop may take before it is killed."""
    silence_timeout_s: Annotated[int, Field(ge=30, le=3600)]
    """A JVM that serves and then does not answer for so long is ended, with its threads in the
    log; longer than any full garbage collection."""
    subscription_wait_s: Annotated[int, Field(ge=1, le=3600)]
    """How long a node that is ready otherwise waits until it hears the others' cache clears; it
    serves without them when no broker lives."""
    time_zone: TimeZoneName
    """Time zone of the JVM."""
    locale: LocaleName
    """Language and country of the JVM."""
