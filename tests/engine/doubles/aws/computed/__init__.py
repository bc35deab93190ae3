"""What AWS answers for a new resource: its id and what it computes, in AWS's own shapes.

Each service has a file of its own; what none of them names is answered by its name.
"""

from typing import Any

from tests.engine.doubles.aws.computed import (
    backup,
    balancing,
    database,
    edge,
    files,
    images,
    messaging,
    network,
    permissions,
    secrets,
    servers,
    watching,
)
from tests.engine.doubles.aws.computed.new import Answer, Answers, Inputs, New

COUNTED = {
    "aws:ec2/launchTemplate:LaunchTemplate": "latestVersion",
    "aws:mq/configuration:Configuration": "latestRevision",
}
"""Versions that rise with every change."""

_ANSWERS: Answers = {
    **network.ANSWERS,
    **servers.ANSWERS,
    **balancing.ANSWERS,
    **edge.ANSWERS,
    **messaging.ANSWERS,
    **database.ANSWERS,
    **files.ANSWERS,
    **images.ANSWERS,
    **secrets.ANSWERS,
    **permissions.ANSWERS,
    **watching.ANSWERS,
    **backup.ANSWERS,
}


def answer(new: New) -> Answer:
    """Id and computed outputs."""
    id_, outputs = _ANSWERS.get(new.type, _ordinary)(new)
    if "tags" in new.inputs and isinstance(new.inputs["tags"], dict):
        outputs["tagsAll"] = dict(new.inputs["tags"])
    return id_, outputs


def changed(type_: str, inputs: Inputs, outputs: dict[str, Any]) -> dict[str, Any]:
    """What AWS computes anew after a change in place."""
    if type_ in COUNTED:
        counter = COUNTED[type_]
        outputs[counter] = int(outputs[counter]) + 1
    if "tags" in inputs and isinstance(inputs["tags"], dict):
        outputs["tagsAll"] = dict(inputs["tags"])
    return outputs


def _ordinary(new: New) -> Answer:
    """Id and ARN of the services whose resources are known by their name."""
    service, kind = new.type.removeprefix("aws:").split(":")[0].split("/")
    name = str(new.inputs.get("name") or f"{kind}-{new.digits(17)}")
    return name, {"name": name, "arn": new.arn(service, f"{kind}/{name}")}
