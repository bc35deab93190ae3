"""The groups of servers: their hooks, their replacement, their colours and their scaling."""

from typing import Any

import pulumi
import pytest
from pulumi_aws import cloudwatch

from components.aws.app_servers import AppServers, AppServersArgs, group_times
from components.aws.surroundings import NODE_UID
from components.aws.target_group import TargetGroup, TargetGroupArgs
from settings.aws.groups import server_groups
from settings.aws.settings import AwsSettings
from settings.aws.sizing import (
    container_memory_mib,
    container_stop_timeout_s,
    grace_period_s,
    let_go_within_s,
    node_back_within_s,
)
from templates.userdata.node import NODE_USER_ID
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
    OTHER_IMAGE,
    PROFILES,
    SECRETS,
    SECURITY_GROUP,
    environment,
    files,
    production,
    two_colours,
    unset,
)
from tests.support.recorder import Inputs, Recording

DOCUMENT = '{\n  "cluster": "scipio-prod"\n}'
ALARM = "scipio-prod-errors"


def servers(settings: AwsSettings, *, protect: bool = True, **changes: Any) -> Recording:
    def make() -> AppServers:
        where = surroundings(protect=protect)
        before = cloudwatch.LogGroup("before")
        given: dict[str, Any] = {
            "surroundings": where,
            "settings": settings,
            "subnet_ids": list(SUBNETS.values()),
            "security_group_id": SECURITY_GROUP,
            "profiles": PROFILES,
            "secrets": SECRETS,
            "machine_image_id": MACHINE_IMAGE,
            "volume_key_arn": KEY_ARN,
            "node_image": IMAGE,
            "document": pulumi.Output.from_input(DOCUMENT),
            "port": 8081,
            "health_port": 8083,
            "log_group_name": "/scipio-prod/nodes",
            "file_system_id": "fs-0123",
            "access_point_id": "fsap-0123",
            "target_groups": {
                group.colour: TargetGroup(
                    where.named(group.colour),
                    TargetGroupArgs(
                        vpc_id=VPC_ID,
                        port=8081,
                        health_port=8083,
                        health_path="/images/busy.gif",
                        balancer=settings.balancer,
                    ),
                )
                for group in server_groups(settings)
            },
            "load_balancer_arn_suffix": "app/scipio-prod-0a1b2c3/0a1b2c3d4e5f6071",
            "rollback_alarm_names": [ALARM],
            "after": (before,),
        }
        return AppServers("servers", AppServersArgs(**{**given, **changes}))

    return recorded(make)


@pytest.fixture(scope="module")
def rolling() -> Recording:
    """Production as its profile has it."""
    return servers(production())


@pytest.fixture(scope="module")
def release() -> Recording:
    """Two colours, in the middle of a release."""
    return servers(two_colours())


def group(recording: Recording, colour: str = "blue") -> Inputs:
    return recording.named("autoscaling/group:Group", f"scipio-prod-{colour}").inputs


def test_a_stack_without_a_release_has_one_group(rolling: Recording) -> None:
    """Named as its servers and their role know it before it is made."""
    [only] = rolling.of_type("autoscaling/group:Group")

    assert only.inputs["name"] == "scipio-prod-blue"
    [template] = rolling.of_type("ec2/launchTemplate:LaunchTemplate")
    assert environment(template)["SCIPIO_GROUP"] == "scipio-prod-blue"


def test_the_group_names_the_version_of_its_template(rolling: Recording) -> None:
    """`$Latest` starts no refresh, and can go back to nothing."""
    assert group(rolling)["launchTemplate"]["version"] == "1"


def test_servers_are_replaced_before_the_group_names_the_new_version(rolling: Recording) -> None:
    """The provider writes a version before it starts a refresh: then none can go back."""
    rollout = rolling.named("GroupRollout", "scipio-prod-blue-rollout")
    inputs = group(rolling)

    assert rollout.urn in rolling.named("autoscaling/group:Group", "scipio-prod-blue").depends_on
    assert unset(inputs, "instanceRefresh")
    assert inputs["launchTemplate"]["version"] == rollout.outputs["version"]
    [template] = rolling.of_type("ec2/launchTemplate:LaunchTemplate")
    given = ("region", "accountId", "group", "templateId", "wanted")
    assert [rollout.inputs[key] for key in given] == [
        "eu-central-1",
        "123456789012",
        inputs["name"],
        template.id,
        "1",
    ]


def test_a_release_goes_back_when_an_alarm_says_so(rolling: Recording) -> None:
    """The percentages are said twice because the provider's own would end a server first."""
    rollout = rolling.named("GroupRollout", "scipio-prod-blue-rollout").inputs

    assert (rollout["minHealthyPercent"], rollout["maxHealthyPercent"]) == (100, 150)
    assert rollout["alarms"] == [ALARM]
    assert group(rolling)["instanceMaintenancePolicy"] == {
        "minHealthyPercentage": 100,
        "maxHealthyPercentage": 150,
    }


def test_a_release_waits_for_what_its_new_servers_need(rolling: Recording) -> None:
    before = rolling.named("LogGroup", "before")

    assert before.urn in rolling.named("GroupRollout", "scipio-prod-blue-rollout").depends_on


def test_the_wait_is_ours_and_the_provider_has_none(rolling: Recording) -> None:
    """The provider's own hangs once the group has scaled, and ends at the first failed launch."""
    assert group(rolling)["waitForCapacityTimeout"] == "0"
    waiting = rolling.named("ServersInService", "scipio-prod-blue-in-service").inputs
    assert (waiting["min"], waiting["atFirst"]) == (2, 2)
    assert waiting["limitS"] == group_times(production()).ready_within_s + 300


def test_the_size_is_scalings_once_the_group_is_there(rolling: Recording) -> None:
    """And no later hook replaces the group with all its servers."""
    registration = rolling.named("autoscaling/group:Group", "scipio-prod-blue")

    assert registration.ignore_changes == {"desiredCapacity", "initialLifecycleHooks"}


def test_the_load_balancers_checks_replace_no_server(rolling: Recording) -> None:
    """They fail after 30 s, in which a JVM may collect garbage or wait for a database. Its agent
    has the patience of the settings and takes the threads first; then the server knows how long a
    node may take to come back.
    """
    inputs = group(rolling)
    settings = production()

    assert inputs["healthCheckType"] == "EC2"
    [template] = rolling.of_type("ec2/launchTemplate:LaunchTemplate")
    told = environment(template)
    assert told["SCIPIO_BACK_WITHIN_S"] == str(node_back_within_s(settings))
    assert told["SCIPIO_LET_GO_WITHIN_S"] == str(let_go_within_s(settings))


def test_health_counts_after_a_grace_of_the_slowest_start(rolling: Recording) -> None:
    """Otherwise a booting server is replaced for ever."""
    inputs = group(rolling)
    inputs = group(rolling)

    assert inputs["healthCheckGracePeriod"] == grace_period_s(production())
    assert inputs["defaultInstanceWarmup"] == 120


def test_a_new_server_is_held_back_until_its_node_answers(rolling: Recording) -> None:
    """The hook is the group's own, so that the very first servers have it too."""
    [hook] = group(rolling)["initialLifecycleHooks"]

    assert hook == {
        "name": "launch",
        "lifecycleTransition": "autoscaling:EC2_INSTANCE_LAUNCHING",
        "heartbeatTimeout": 600,
        "defaultResult": "ABANDON",
    }
    [template] = rolling.of_type("ec2/launchTemplate:LaunchTemplate")
    told = environment(template)
    assert told["SCIPIO_LAUNCH_HOOK"] == hook["name"]
    ready_within_s = group_times(production()).ready_within_s
    assert told["SCIPIO_READY_WITHIN_S"] == str(ready_within_s)


def test_a_server_at_its_end_is_waited_for_and_a_dead_one_is_not(rolling: Recording) -> None:
    """The hook can be changed, and goes with its group."""
    hook = rolling.named("LifecycleHook", "scipio-prod-blue-terminate")

    assert hook.retain_on_delete
    assert hook.inputs["name"] == "terminate"
    assert hook.inputs["lifecycleTransition"] == "autoscaling:EC2_INSTANCE_TERMINATING"
    assert hook.inputs["heartbeatTimeout"] == 120
    assert hook.inputs["defaultResult"] == "CONTINUE"


def test_each_limit_of_an_end_outlasts_the_one_within_it() -> None:
    """Jobs, then the JVM, then the container, then systemd's, then the server's own."""
    settings = production(servers={"ami": MACHINE_IMAGE, "drainTimeoutS": 90})
    [template] = servers(settings).of_type("ec2/launchTemplate:LaunchTemplate")
    told = environment(template)
    stop_within_s = int(told["SCIPIO_STOP_WITHIN_S"])
    assert stop_within_s == 90 + settings.nodes.stop_timeout_s + 30
    assert int(told["SCIPIO_DRAIN_WITHIN_S"]) == stop_within_s + 60


def test_the_group_comes_after_what_its_nodes_need(rolling: Recording) -> None:
    """And goes before it."""
    before = rolling.named("LogGroup", "before")

    assert before.urn in rolling.named("autoscaling/group:Group", "scipio-prod-blue").depends_on


def test_only_an_unprotected_group_goes_without_draining() -> None:
    """`destroy` of a development stack does not wait."""
    assert group(servers(production()))["forceDelete"] is False
    assert group(servers(production(), protect=False))["forceDelete"] is True


def test_tags_of_the_group_reach_its_servers(rolling: Recording) -> None:
    """Default tags do not."""
    assert group(rolling)["tags"] == [
        {"key": "Cluster", "value": "scipio-prod", "propagateAtLaunch": True},
        {"key": "Name", "value": "scipio-prod-blue", "propagateAtLaunch": True},
    ]


def test_figures_of_the_group_are_recorded_and_zones_are_not_evened_out(
    rolling: Recording,
) -> None:
    """Evening out ends sessions."""
    assert "GroupInServiceInstances" in group(rolling)["enabledMetrics"]
    assert group(rolling)["suspendedProcesses"] == ["AZRebalance"]
    assert group(rolling)["terminationPolicies"] == ["OldestLaunchTemplate", "OldestInstance"]
    assert group(rolling)["vpcZoneIdentifiers"] == list(SUBNETS.values())


def test_two_colours_have_their_own_image_and_size(release: Recording) -> None:
    """What a colour leaves out is as the stack says."""
    images = {
        template.name: environment(template)["SCIPIO_IMAGE"]
        for template in release.of_type("ec2/launchTemplate:LaunchTemplate")
    }
    assert images == {"scipio-prod-blue": OTHER_IMAGE, "scipio-prod-green": IMAGE}
    sizes = {
        colour: tuple(
            group(release, colour)[key] for key in ("minSize", "maxSize", "desiredCapacity")
        )
        for colour in ("blue", "green")
    }
    assert sizes == {"blue": (1, 3, 2), "green": (2, 4, 2)}


def test_each_colour_is_in_its_own_target_group(release: Recording) -> None:
    """And in no other."""
    arns = {
        each.name: each.outputs["arn"] for each in release.of_type("lb/targetGroup:TargetGroup")
    }

    for colour in ("blue", "green"):
        assert group(release, colour)["targetGroupArns"] == [arns[f"scipio-prod-{colour}"]]


def test_another_image_changes_the_user_data_of_its_colour_alone() -> None:
    """A release of green touches nobody who is on blue."""
    other = f"{IMAGE[:-2]}ff"
    before = servers(two_colours())
    after = servers(two_colours(release={"green": {"image": other}}))

    changed = [
        each.name for each, later in zip(before, after, strict=True) if each.inputs != later.inputs
    ]
    assert changed == ["scipio-prod-green"]


def test_the_document_is_plain_text_in_user_data(rolling: Recording) -> None:
    """And what the server is told beside it."""
    [template] = rolling.of_type("ec2/launchTemplate:LaunchTemplate")

    assert files(template)["/etc/scipio/cluster.json"] == f"{DOCUMENT}\n"
    assert not template.is_secret("userData")
    told = environment(template)
    settings = production()
    assert told["SCIPIO_MEMORY_MIB"] == str(container_memory_mib(settings.servers.instance_type))
    assert told["SCIPIO_FILE_SYSTEM"] == "fs-0123"
    assert told["SCIPIO_ACCESS_POINT"] == "fsap-0123"
    assert told["SCIPIO_SHARED_PATH"] == settings.files.path
    assert told["SCIPIO_LOG_GROUP"] == "/scipio-prod/nodes"
    assert told["SCIPIO_STOP_WITHIN_S"] == str(container_stop_timeout_s(settings))
    assert told["SCIPIO_PORT"] == "8081"
    assert told["SCIPIO_ROLE"] == "app"


def test_scaling_follows_load_and_removes_nobody_unless_told(rolling: Recording) -> None:
    """Each removal logs its visitors out."""
    [policy] = rolling.of_type("autoscaling/policy:Policy")

    assert policy.inputs["policyType"] == "TargetTrackingScaling"
    assert policy.inputs["targetTrackingConfiguration"] == {
        "targetValue": 60,
        "disableScaleIn": True,
        "predefinedMetricSpecification": {"predefinedMetricType": "ASGAverageCPUUtilization"},
    }


def test_requests_are_those_of_the_groups_own_targets() -> None:
    """By the label that AWS wants, after the listener that makes it valid."""
    settings = two_colours(
        servers={"ami": MACHINE_IMAGE, "requestsPerMinuteTarget": 900, "scaleIn": True}
    )
    recording = servers(settings)
    policy = recording.named("autoscaling/policy:Policy", "scipio-prod-green-requests")
    target = recording.named("lb/targetGroup:TargetGroup", "scipio-prod-green")

    assert policy.inputs["targetTrackingConfiguration"] == {
        "targetValue": 900,
        "disableScaleIn": False,
        "predefinedMetricSpecification": {
            "predefinedMetricType": "ALBRequestCountPerTarget",
            "resourceLabel": "app/scipio-prod-0a1b2c3/0a1b2c3d4e5f6071/"
            + target.outputs["arnSuffix"],
        },
    }
    assert recording.named("LogGroup", "before").urn in policy.depends_on
    assert len(recording.of_type("autoscaling/policy:Policy")) == 4


def test_scaling_settings_touch_policies_and_group_alone() -> None:
    """No server is replaced by them."""
    before = servers(production())
    after = servers(production(servers={"ami": MACHINE_IMAGE, "max": 5, "cpuTargetPercent": 50}))
    changed = {
        each.type for each, later in zip(before, after, strict=True) if each.inputs != later.inputs
    }
    assert changed == {"aws:autoscaling/group:Group", "aws:autoscaling/policy:Policy"}


def test_without_targets_there_is_no_policy() -> None:
    """The size then follows schedules and people."""
    recording = servers(production(servers={"ami": MACHINE_IMAGE, "cpuTargetPercent": None}))

    with pytest.raises(LookupError, match="nothing of type"):
        recording.of_type("autoscaling/policy:Policy")


def test_a_schedule_changes_what_it_names_and_leaves_the_rest() -> None:
    """A size that is left out would be 0 to the provider."""
    schedule = {
        "name": "morning",
        "recurrence": "0 7 * * MON-FRI",
        "timeZone": "Europe/Berlin",
        "min": 3,
    }
    recording = servers(two_colours(servers={"ami": MACHINE_IMAGE, "schedules": [schedule]}))
    [action] = recording.of_type("autoscaling/schedule:Schedule")

    assert action.name == "scipio-prod-green-morning"
    assert action.inputs["scheduledActionName"] == "morning"
    assert action.inputs["recurrence"] == "0 7 * * MON-FRI"
    assert action.inputs["timeZone"] == "Europe/Berlin"
    assert [action.inputs[key] for key in ("minSize", "maxSize", "desiredCapacity")] == [3, -1, -1]


def test_a_target_group_keeps_visitors_on_their_node(rolling: Recording) -> None:
    """And has no fixed name: one in use could never be replaced."""
    [target] = rolling.of_type("lb/targetGroup:TargetGroup")
    inputs = target.inputs

    assert unset(inputs, "name")
    assert inputs["stickiness"] == {"type": "lb_cookie", "enabled": True, "cookieDuration": 3600}
    assert inputs["healthCheck"] == {
        "enabled": True,
        "protocol": "HTTP",
        "port": "8083",
        "path": "/images/busy.gif",
        "matcher": "200",
        "interval": 10,
        "timeout": 5,
        "healthyThreshold": 2,
        "unhealthyThreshold": 3,
    }
    assert inputs["slowStart"] == 60
    assert inputs["loadBalancingAlgorithmType"] == "round_robin"
    assert inputs["deregistrationDelay"] == 120
    assert (inputs["protocol"], inputs["port"], inputs["vpcId"]) == ("HTTP", 8081, VPC_ID)


def test_aws_accepts_every_argument() -> None:
    """By its own description of the API, with everything on."""
    schedule = {"name": "night", "recurrence": "0 22 * * *", "timeZone": "UTC", "min": 2, "max": 3}
    settings = two_colours(
        servers={
            "ami": MACHINE_IMAGE,
            "requestsPerMinuteTarget": 900,
            "schedules": [schedule],
        }
    )
    assert api_faults(servers(settings)) == []


def test_what_is_said_twice_is_said_alike() -> None:
    """Rooms that may not import each other name the same user."""
    assert NODE_USER_ID == NODE_UID


def test_a_server_is_launched_to_prepare_and_changes_to_serve(rolling: Recording) -> None:
    """The administrators' secrets are among those of the first time alone."""
    [template] = rolling.of_type("ec2/launchTemplate:LaunchTemplate")
    told = environment(template)

    assert template.inputs["iamInstanceProfile"] == {"arn": PROFILES.launched}
    assert told["SCIPIO_SERVING_PROFILE"] == PROFILES.serving
    assert told["SCIPIO_SECRETS"].split() == [
        f"database-app-password={SECRETS.database_app}",
        f"broker-app-password={SECRETS.broker_app}",
    ]
    assert told["SCIPIO_PREPARATION_SECRETS"].split() == [
        f"database-admin-password={SECRETS.database_admin}#password",
        f"administrator-password={SECRETS.administrator}",
    ]
