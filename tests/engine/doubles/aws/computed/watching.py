"""Logs, alarms, figures and who is told."""

import uuid

from tests.engine.doubles.aws.computed.new import Answer, Answers, New, named


def _log_group(new: New) -> Answer:
    name = new.physical_name()
    return name, {"name": name, "arn": new.arn("logs", f"log-group:{name}")}


def _topic(new: New) -> Answer:
    name = new.physical_name()
    arn = new.arn("sns", name)
    return arn, {"name": name, "arn": arn, "owner": new.where.account_id}


def _subscription(new: New) -> Answer:
    arn = f"{new.inputs['topic']}:{uuid.uuid4()}"
    return arn, {"arn": arn, "pendingConfirmation": new.inputs["protocol"].startswith("email")}


def _dashboard(new: New) -> Answer:
    name = str(new.inputs["dashboardName"])
    return name, {"dashboardArn": new.arn("cloudwatch", f"dashboard/{name}", everywhere=True)}


ANSWERS: Answers = {
    "aws:cloudwatch/dashboard:Dashboard": _dashboard,
    "aws:cloudwatch/logGroup:LogGroup": _log_group,
    "aws:cloudwatch/metricAlarm:MetricAlarm": named("cloudwatch", "alarm"),
    "aws:sns/topic:Topic": _topic,
    "aws:sns/topicSubscription:TopicSubscription": _subscription,
}
