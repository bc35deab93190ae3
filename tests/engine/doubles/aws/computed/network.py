"""The VPC: its parts, its ways in and out, its security groups."""

from collections.abc import Callable

from tests.engine.doubles.aws.computed.new import Answer, Answers, New


def of_ec2(prefix: str, kind: str) -> Callable[[New], Answer]:
    """The answer of EC2, whose ids are drawn."""

    def made(new: New) -> Answer:
        id_ = f"{prefix}-{new.digits(17)}"
        return id_, {"arn": new.arn("ec2", f"{kind}/{id_}"), "ownerId": new.where.account_id}

    return made


def _vpc(new: New) -> Answer:
    id_, outputs = of_ec2("vpc", "vpc")(new)
    return id_, {
        **outputs,
        "mainRouteTableId": f"rtb-{new.digits(17)}",
        "defaultRouteTableId": f"rtb-{new.digits(17)}",
        "defaultNetworkAclId": f"acl-{new.digits(17)}",
        "defaultSecurityGroupId": f"sg-{new.digits(17)}",
    }


def _subnet(new: New) -> Answer:
    id_, outputs = of_ec2("subnet", "subnet")(new)
    return id_, {**outputs, "availabilityZone": new.inputs.get("availabilityZone")}


def _security_group(new: New) -> Answer:
    id_, outputs = of_ec2("sg", "security-group")(new)
    return id_, {**outputs, "name": new.physical_name()}


def _security_group_rule(new: New) -> Answer:
    id_ = f"sgr-{new.digits(17)}"
    arn = new.arn("ec2", f"security-group-rule/{id_}")
    return id_, {"arn": arn, "securityGroupRuleId": id_}


def _eip(new: New) -> Answer:
    id_ = f"eipalloc-{new.digits(17)}"
    address = f"203.0.113.{int(new.digits(2), 16)}"
    return id_, {"allocationId": id_, "publicIp": address, "arn": new.arn("ec2", id_)}


def _vpc_endpoint(new: New) -> Answer:
    id_, outputs = of_ec2("vpce", "vpc-endpoint")(new)
    service = str(new.inputs["serviceName"]).split(".")[-1]
    name = f"{id_}.{service}.{new.where.region}.vpce.amazonaws.com"
    entry = {"dnsName": name, "hostedZoneId": "Z273ZU8SZ5RJPC"}
    return id_, {
        **outputs,
        "state": "available",
        "dnsEntries": [entry],
        "prefixListId": "pl-6ea54007",
    }


ANSWERS: Answers = {
    "aws:ec2/eip:Eip": _eip,
    "aws:ec2/flowLog:FlowLog": of_ec2("fl", "vpc-flow-log"),
    "aws:ec2/internetGateway:InternetGateway": of_ec2("igw", "internet-gateway"),
    "aws:ec2/natGateway:NatGateway": of_ec2("nat", "natgateway"),
    "aws:ec2/networkAcl:NetworkAcl": of_ec2("acl", "network-acl"),
    "aws:ec2/route:Route": of_ec2("r-rtb", "route"),
    "aws:ec2/routeTable:RouteTable": of_ec2("rtb", "route-table"),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": of_ec2("rtbassoc", "association"),
    "aws:ec2/securityGroup:SecurityGroup": _security_group,
    "aws:ec2/subnet:Subnet": _subnet,
    "aws:ec2/vpc:Vpc": _vpc,
    "aws:ec2/vpcEndpoint:VpcEndpoint": _vpc_endpoint,
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": _security_group_rule,
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _security_group_rule,
}
