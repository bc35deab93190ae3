"""What tells an operator how the cluster is: alarms and where they go, a page, a budget."""

from dataclasses import dataclass

import pulumi

from components.aws.alarm_topic import AlarmTopic, AlarmTopicArgs
from components.aws.alarms import Alarms, AlarmsArgs
from components.aws.budget import Budget, BudgetArgs
from components.aws.dashboard import Dashboard, DashboardArgs
from components.aws.surroundings import AwsSurroundings
from components.aws.watched import WatchedCluster
from settings.aws import monitoring


@dataclass(frozen=True, kw_only=True)
class MonitoringArgs:
    """`watched` is the cluster; `key_arn` is the stack's own key, or None."""

    surroundings: AwsSurroundings
    settings: monitoring.Monitoring
    watched: WatchedCluster
    key_arn: pulumi.Input[str] | None


class Monitoring(pulumi.ComponentResource):
    """As much of it as the stack asks for: without alarms and budget there is no topic either."""

    topic_arn: pulumi.Output[str] | None
    rollback_alarm_names: list[pulumi.Output[str]]
    """Alarms by which a release goes back by itself; none where there are no alarms."""
    dashboard_name: pulumi.Output[str] | None

    def __init__(
        self, name: str, args: MonitoringArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:aws:Monitoring", name, None, opts)
        self._args = args
        self._children = pulumi.ResourceOptions(parent=self)
        settings = args.settings
        self.topic_arn = None
        self.rollback_alarm_names = []
        if settings.alarms or settings.monthly_budget_usd is not None:
            self.topic_arn = self._topic().arn
        if settings.alarms and self.topic_arn is not None:
            self.rollback_alarm_names = self._alarms(self.topic_arn).rollback_names
        if settings.monthly_budget_usd is not None and self.topic_arn is not None:
            self._budget(settings.monthly_budget_usd, self.topic_arn)
        self.dashboard_name = self._dashboard().dashboard_name if settings.dashboard else None
        self.register_outputs({"topicArn": self.topic_arn, "dashboardName": self.dashboard_name})

    def _topic(self) -> AlarmTopic:
        args = self._args
        return AlarmTopic(
            "alarm-topic",
            AlarmTopicArgs(
                surroundings=args.surroundings,
                existing_arn=args.settings.alarm_topic_arn,
                emails=args.settings.alarm_emails,
                key_arn=args.key_arn,
            ),
            self._children,
        )

    def _alarms(self, topic_arn: pulumi.Output[str]) -> Alarms:
        args = self._args
        return Alarms(
            "alarms",
            AlarmsArgs(
                surroundings=args.surroundings,
                settings=args.settings,
                watched=args.watched,
                topic_arn=topic_arn,
            ),
            self._children,
        )

    def _budget(self, monthly_usd: int, topic_arn: pulumi.Output[str]) -> Budget:
        args = self._args
        return Budget(
            "budget",
            BudgetArgs(
                surroundings=args.surroundings,
                monthly_usd=monthly_usd,
                emails=args.settings.alarm_emails,
                topic_arn=topic_arn,
            ),
            self._children,
        )

    def _dashboard(self) -> Dashboard:
        args = self._args
        return Dashboard(
            "dashboard",
            DashboardArgs(surroundings=args.surroundings, watched=args.watched),
            self._children,
        )
