"""Load balancers, target groups, listeners and their rules."""

from tests.engine.doubles.aws.computed.new import Answer, Answers, New


def _load_balancer(new: New) -> Answer:
    name = new.physical_name()
    network = new.inputs.get("loadBalancerType") == "network"
    suffix = f"{'net' if network else 'app'}/{name}/{new.digits(16)}"
    arn = new.arn("elasticloadbalancing", f"loadbalancer/{suffix}")
    dns_name = f"{name}-{int(new.digits(8), 16)}.{new.where.region}.elb.amazonaws.com"
    internal = "internal-" if new.inputs.get("internal") else ""
    return arn, {
        "name": name,
        "arn": arn,
        "arnSuffix": suffix,
        "dnsName": f"{internal}{dns_name}",
        "zoneId": "Z215JYRZR1TBD5",
    }


def _target_group(new: New) -> Answer:
    name = new.physical_name()
    suffix = f"targetgroup/{name}/{new.digits(16)}"
    arn = new.arn("elasticloadbalancing", suffix)
    return arn, {"name": name, "arn": arn, "arnSuffix": suffix, "loadBalancerArns": []}


def _listener(new: New) -> Answer:
    arn = str(new.inputs["loadBalancerArn"]).replace(":loadbalancer/", ":listener/", 1)
    arn = f"{arn}/{new.digits(16)}"
    return arn, {"arn": arn}


def _listener_rule(new: New) -> Answer:
    arn = str(new.inputs["listenerArn"]).replace(":listener/", ":listener-rule/", 1)
    arn = f"{arn}/{new.digits(16)}"
    return arn, {"arn": arn}


ANSWERS: Answers = {
    "aws:lb/listener:Listener": _listener,
    "aws:lb/listenerRule:ListenerRule": _listener_rule,
    "aws:lb/loadBalancer:LoadBalancer": _load_balancer,
    "aws:lb/targetGroup:TargetGroup": _target_group,
}
