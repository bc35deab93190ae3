"""Launch templates and groups of servers."""

import uuid

from tests.engine.doubles.aws.computed.network import of_ec2
from tests.engine.doubles.aws.computed.new import Answer, Answers, New


def _launch_template(new: New) -> Answer:
    id_, outputs = of_ec2("lt", "launch-template")(new)
    return id_, {
        **outputs,
        "name": new.physical_name(),
        "latestVersion": 1,
        "defaultVersion": 1,
    }


def _auto_scaling_group(new: New) -> Answer:
    name = new.physical_name()
    arn = new.arn("autoscaling", f"autoScalingGroup:{uuid.uuid4()}:autoScalingGroupName/{name}")
    return name, {
        "name": name,
        "arn": arn,
        "availabilityZones": [],
        "desiredCapacity": new.inputs.get("desiredCapacity", new.inputs["minSize"]),
        "predictedCapacity": 0,
    }


def _scaling_policy(new: New) -> Answer:
    name = new.physical_name()
    group = new.inputs["autoscalingGroupName"]
    arn = new.arn(
        "autoscaling",
        f"scalingPolicy:{uuid.uuid4()}:autoScalingGroupName/{group}:policyName/{name}",
    )
    return name, {"name": name, "arn": arn}


ANSWERS: Answers = {
    "aws:autoscaling/group:Group": _auto_scaling_group,
    "aws:autoscaling/policy:Policy": _scaling_policy,
    "aws:ec2/launchTemplate:LaunchTemplate": _launch_template,
}
