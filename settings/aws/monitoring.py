"""`scipio:monitoring`: logs, alarms, figures and what it all may cost."""

from typing import Annotated

from pydantic import Field

from contract.names import EmailAddress
from settings.aws.names import LogRetentionDays, TopicArn
from settings.section import Section


class Monitoring(Section):
    """Logs, alarms and figures."""

    log_retention_days: LogRetentionDays
    """How long logs are kept."""
    keep_logs: bool
    """Whether the logs of nodes and database stay, for so long, when the stack is destroyed."""
    alarms: bool
    """Whether there are alarms, and what AWS itself reports (failed backups and replacements of
    servers, events of the database, planned changes) goes where they go."""
    alarm_emails: tuple[EmailAddress, ...]
    """Who is told by e-mail; each address has to confirm once."""
    alarm_topic_arn: TopicArn | None
    """A topic that alarms go to, of the stack's region; null makes one."""
    dashboard: bool
    """Whether there is a page with all figures; costs by the month."""
    monthly_budget_usd: Annotated[int, Field(ge=1, le=1_000_000)] | None
    """Told at 80 % spent and when the forecast is above; null: no budget."""
    latency_p95_ms: Annotated[int, Field(ge=50, le=300_000)]
    """Alarm when one request in twenty takes longer."""
    errors_per_5_minutes: Annotated[int, Field(ge=1, le=100_000)]
    """Alarm when more requests than so many end with a server error."""
