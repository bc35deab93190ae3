"""What tells an operator how the cluster is: alarms and where they go, a page, a budget."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components.aws.alarm_topic import AlarmTopic, AlarmTopicArgs
from components.aws.alarms import Alarms, AlarmsArgs, cluster_alarms
from components.aws.budget import Budget, BudgetArgs
from components.aws.dashboard import Dashboard, DashboardArgs
from components.aws.events import ClusterEvents, ClusterEventsArgs, EventSources
from components.aws.release_alarms import subjects
from components.aws.surroundings import AwsSurroundings
from components.aws.watched import WatchedCluster
from settings.aws import monitoring


@dataclass(frozen=True, kw_only=True)
class MonitoringArgs:
    """`watched` is the cluster, `sources` what reports of it; `key_arn` is the stack's own key, or
    None."""

    surroundings: AwsSurroundings
    settings: monitoring.Monitoring
    watched: WatchedCluster
    sources: EventSources
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
            self.rollback_alarm_names = self._limits(self.topic_arn)
            self._events(self.topic_arn)
        if settings.monthly_budget_usd is not None and self.topic_arn is not None:
            self._budget(settings.monthly_budget_usd, self.topic_arn)
        self.dashboard_name = self._dashboard().dashboard_name if settings.dashboard else None
        self.register_outputs({"topicArn": self.topic_arn, "dashboardName": self.dashboard_name})

    def watch_signs_of_life(self, servers: pulumi.Resource) -> None:
        """Alarms of what must be heard, once `servers` serve: until then there is nothing to hear,
        and the first update of a stack would page people.
        """
        args = self._args
        if not args.settings.alarms or self.topic_arn is None:
            return
        Alarms(
            "signs-of-life",
            self._chosen(self.topic_arn, signs_of_life=True, after=[servers]),
            self._children,
        )

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

    def _limits(self, topic_arn: pulumi.Output[str]) -> list[pulumi.Output[str]]:
        """All others, which need names alone and no server: a release goes by some of them."""
        made = Alarms("alarms", self._chosen(topic_arn, signs_of_life=False), self._children)
        return [made.names[subject] for subject in subjects(self._args.watched.servers)]

    def _chosen(
        self,
        topic_arn: pulumi.Output[str],
        *,
        signs_of_life: bool,
        after: Sequence[pulumi.Resource] = (),
    ) -> AlarmsArgs:
        args = self._args
        alarms = cluster_alarms(args.watched, args.settings)
        return AlarmsArgs(
            surroundings=args.surroundings,
            alarms={
                subject: alarm
                for subject, alarm in alarms.items()
                if alarm.is_sign_of_life == signs_of_life
            },
            after=after,
            topic_arn=topic_arn,
        )

    def _events(self, topic_arn: pulumi.Output[str]) -> None:
        args = self._args
        ClusterEvents(
            "events",
            ClusterEventsArgs(
                surroundings=args.surroundings, sources=args.sources, topic_arn=topic_arn
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
