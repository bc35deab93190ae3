"""The cluster under test, as far as its outputs describe it."""

import ssl
from dataclasses import dataclass

import httpx

from checks.containers import Containers
from checks.visitor import Visitor
from contract.stack_outputs import StackOutputs


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How long a promise may take to come true, in seconds."""

    answer_s: float = 10
    """One request, with all its waiting."""
    subscribed_s: float = 60
    """From a node's first answer to its hearing cache clears: its listener connects on its own."""
    fresh_s: float = 5
    """From a write's answer to the same row fresh on every node."""
    clear_lost_s: float = 1
    """The same while the cluster recovers: a clear that takes longer was lost with the broker."""
    figures_s: float = 1
    """From a change to a node's figures that have it: they are replaced twice a second."""
    recovery_s: float = 30
    """From a fault to its visitors being served again."""
    mended_s: float = 180
    """From the start of a killed container to the cluster being as before: a node boots in it."""


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """Where to knock, whom to trust, and what may be killed."""

    outputs: StackOutputs
    trusted: ssl.SSLContext
    """Trusts the stack's own authority, and no other when it has one."""
    containers: Containers | None = None
    """None where nodes are no containers of an engine that can be asked."""
    limits: Limits = Limits()

    @classmethod
    def of(
        cls,
        outputs: StackOutputs,
        *,
        containers: Containers | None = None,
        limits: Limits | None = None,
    ) -> "Cluster":
        return cls(
            outputs=outputs,
            trusted=ssl.create_default_context(cadata=outputs.ca_certificate),
            containers=containers,
            limits=limits or Limits(),
        )

    @property
    def has_reference_pages(self) -> bool:
        """The reference node answers; an ERP shows what its answers carry, and no more."""
        return self.outputs.implementation == "reference"

    def visitor(self) -> Visitor:
        """A visitor who was never here: no cookie, a connection of their own."""
        return Visitor(
            self.outputs.balancer.https_url, trusted=self.trusted, patience_s=self.limits.answer_s
        )

    def ask_once(self, url: str) -> httpx.Response:
        """One request to any of the balancer's ports, without cookies."""
        return httpx.get(url, verify=self.trusted, timeout=self.limits.answer_s, trust_env=False)
