"""The one search server, and the load balancer by which it is found."""

from typing import Any

import pytest

from components.aws.search_balancer import SearchBalancer, SearchBalancerArgs
from components.aws.search_server import SearchServer, SearchServerArgs, search_group_name
from settings.aws.sizing import container_memory_mib
from tests.components.aws.sections import (
    KEY_ARN,
    SUBNETS,
    VPC_ID,
    api_faults,
    recorded,
    surroundings,
)
from tests.components.aws.servers import (
    IMAGE,
    MACHINE_IMAGE,
    PROFILES,
    SECRETS,
    SECURITY_GROUP,
    environment,
    production,
)
from tests.support.recorder import Recording

PORT = 8983


def balancer(*, protect: bool = True) -> Recording:
    return recorded(
        lambda: SearchBalancer(
            "scipio-prod-search",
            SearchBalancerArgs(
                surroundings=surroundings(protect=protect),
                vpc_id=VPC_ID,
                subnet_ids=list(SUBNETS.values()),
                server_security_group_id=SECURITY_GROUP,
                port=PORT,
            ),
        )
    )


@pytest.fixture(scope="module")
def server() -> Recording:
    """As production has it, with search on."""
    settings = production(
        search={"mode": "solr", "port": PORT, "instanceType": "m7i.large", "volumeGib": 60}
    )
    return recorded(
        lambda: SearchServer(
            "scipio-prod-search",
            SearchServerArgs(
                surroundings=surroundings(),
                settings=settings,
                subnet_ids=list(SUBNETS.values()),
                security_group_id=SECURITY_GROUP,
                profiles=PROFILES,
                secrets=SECRETS,
                machine_image_id=MACHINE_IMAGE,
                volume_key_arn=KEY_ARN,
                node_image=IMAGE,
                document="{}",
                log_group_name="/scipio-prod/nodes",
                target_group_arn="arn:aws:elasticloadbalancing:eu-central-1:1:targetgroup/s/1",
                after=(),
            ),
        )
    )


def test_it_is_inside_with_a_security_group_from_the_beginning() -> None:
    """The first one added later would replace it, and change its name."""
    recording = balancer()
    [made] = recording.of_type("lb/loadBalancer:LoadBalancer")
    [group] = recording.of_type("ec2/securityGroup:SecurityGroup")

    assert made.inputs["internal"] is True
    assert made.inputs["loadBalancerType"] == "network"
    assert len(made.inputs["securityGroups"]) == 1
    assert group.urn in made.depends_on
    assert made.inputs["enableCrossZoneLoadBalancing"] is True
    assert made.inputs["subnets"] == list(SUBNETS.values())


def test_a_server_that_asks_for_itself_gets_an_answer() -> None:
    """With its own address preserved it would wait for ever."""
    [target] = balancer().of_type("lb/targetGroup:TargetGroup")

    assert target.inputs["preserveClientIp"] == "false"
    assert (target.inputs["protocol"], target.inputs["port"]) == ("TCP", PORT)
    assert target.inputs["healthCheck"] == {"enabled": True, "protocol": "TCP"}


def test_it_reaches_the_server_on_its_port_and_lets_nobody_in_by_itself() -> None:
    """Who may search is the platform's to say."""
    recording = balancer()
    [into] = recording.of_type("SecurityGroupIngressRule")
    [out_of] = recording.of_type("SecurityGroupEgressRule")

    assert into.inputs["securityGroupId"] == SECURITY_GROUP
    assert out_of.inputs["referencedSecurityGroupId"] == SECURITY_GROUP
    for rule in (into, out_of):
        assert (rule.inputs["fromPort"], rule.inputs["toPort"]) == (PORT, PORT)


def test_it_is_protected_as_the_stack_is() -> None:
    """By Pulumi and by AWS."""
    for protect in (True, False):
        [made] = balancer(protect=protect).of_type("lb/loadBalancer:LoadBalancer")
        assert made.protect is protect
        assert made.inputs["enableDeletionProtection"] is protect


def test_there_is_one_server_and_the_next_one_comes_first(server: Recording) -> None:
    """A search that fails is worse than two that answer."""
    [group] = server.of_type("autoscaling/group:Group")

    sizes = [group.inputs[key] for key in ("minSize", "maxSize", "desiredCapacity")]
    assert sizes == [1, 1, 1]
    assert group.inputs["name"] == search_group_name(surroundings())
    assert group.inputs["instanceMaintenancePolicy"] == {
        "minHealthyPercentage": 100,
        "maxHealthyPercentage": 200,
    }


def test_its_node_runs_in_the_role_search_without_shared_files(server: Recording) -> None:
    """On the port by which the nodes ask."""
    [template] = server.of_type("ec2/launchTemplate:LaunchTemplate")
    told: dict[str, Any] = environment(template)

    assert told["SCIPIO_ROLE"] == "search"
    assert told["SCIPIO_PORT"] == str(PORT)
    assert told["SCIPIO_FILE_SYSTEM"] == ""
    assert told["SCIPIO_GROUP"] == "scipio-prod-search"
    assert told["SCIPIO_MEMORY_MIB"] == str(container_memory_mib("m7i.large"))
    assert template.inputs["blockDeviceMappings"][0]["ebs"]["volumeSize"] == 60
    assert template.inputs["instanceType"] == "m7i.large"


def test_aws_accepts_every_argument(server: Recording) -> None:
    """By its own description of the API."""
    assert api_faults(server) == []
