"""What a node's agent says of its own state, in a file that the platform's health check reads."""

from typing import Literal

from contract.model import Contract
from contract.names import InstanceId

Phase = Literal["preparing", "starting", "serving", "draining", "stopping", "gone"]


class HealthReport(Contract):
    """Written whole after every cycle of the agent; `observed_at` is Unix time in seconds."""

    report_version: Literal[1] = 1
    instance_id: InstanceId
    phase: Phase
    ready: bool
    sentence: str
    observed_at: float
