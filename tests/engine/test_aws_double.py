"""The double of AWS: it makes, changes, replaces and refuses as AWS and its provider do."""

import base64
import json
import warnings
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi_aws import (
    Provider,
    autoscaling,
    ec2,
    ecr,
    get_caller_identity_output,
    kms,
    lb,
    mq,
    rds,
    secretsmanager,
)

from tests.engine.aws_stack import AwsStack
from tests.engine.doubles.aws import arguments, known_inputs_generator
from tests.engine.doubles.aws.replacements import EVERYTHING, REPLACES
from tests.engine.engine_stack import Program

ENGINE = pytest.mark.engine

TARGET_GROUP = "aws:lb/targetGroup:TargetGroup"


def servers(user_data: str = "first", minimum: int = 1) -> Program:
    """A launch template and its group."""

    def program() -> None:
        template = ec2.LaunchTemplate(
            "servers",
            image_id="ami-0123456789abcdef0",
            user_data=base64.b64encode(user_data.encode()).decode(),
        )
        autoscaling.Group(
            "servers",
            min_size=minimum,
            max_size=4,
            launch_template=autoscaling.GroupLaunchTemplateArgs(
                id=template.id, version=template.latest_version.apply(str)
            ),
        )
        pulumi.export("version", template.latest_version)

    return program


@ENGINE
def test_a_stack_is_made_kept_changed_and_removed(aws_stack: AwsStack) -> None:
    assert set(aws_stack.preview(servers()).steps) == {"servers"}
    assert aws_stack.things() == []
    first = aws_stack.up(servers())
    assert (first.error, first.outputs) == ("", {"version": 1})
    assert aws_stack.up(servers()).steps == {}
    assert aws_stack.preview(servers("second")).summary == {"update": 2}
    changed = aws_stack.up(servers("second"))
    assert (changed.error, changed.outputs) == ("", {"version": 2})
    assert aws_stack.of_type(":Group")[0]["inputs"]["launchTemplate"]["version"] == "2"
    assert aws_stack.up(servers("second", minimum=2)).summary == {"update": 1}
    assert aws_stack.destroy().error == ""
    assert aws_stack.things() == []


@ENGINE
def test_an_error_half_way_is_repaired_by_the_next_update(aws_stack: AwsStack) -> None:
    aws_stack.fail_once("create", "aws:autoscaling/group:Group", "servers")
    broken = aws_stack.up(servers())
    assert broken.said("InternalFailure: AWS was asked to fail")
    assert [thing["type"] for thing in aws_stack.things()] == [
        "aws:ec2/launchTemplate:LaunchTemplate"
    ]
    repaired = aws_stack.up(servers())
    assert (repaired.error, repaired.steps) == ("", {"servers": ["create"]})


def balancer(port: int = 8080, *, name: str | None = None, protected: bool = False) -> Program:
    """A load balancer, a target group and the listener between them."""

    def program() -> None:
        network = ec2.Vpc("network", cidr_block="10.42.0.0/16")
        group = ec2.SecurityGroup("balancer", vpc_id=network.id, description="Balancer")
        front = lb.LoadBalancer(
            "front", security_groups=[group.id], enable_deletion_protection=protected
        )
        targets = lb.TargetGroup(
            "targets", name=name, port=port, protocol="HTTP", vpc_id=network.id
        )
        lb.Listener(
            "http",
            load_balancer_arn=front.arn,
            port=80,
            default_actions=[
                lb.ListenerDefaultActionArgs(type="forward", target_group_arn=targets.arn)
            ],
        )

    return program


@ENGINE
def test_a_target_group_with_a_fixed_name_cannot_be_replaced_while_it_is_in_use(
    aws_stack: AwsStack,
) -> None:
    assert aws_stack.up(balancer(name="fixed")).error == ""
    refused = aws_stack.up(balancer(port=8081, name="fixed"))
    assert refused.said("ResourceInUse: targets")


@ENGINE
def test_one_with_an_automatic_name_is_replaced_first_and_deleted_last(
    aws_stack: AwsStack,
) -> None:
    assert aws_stack.up(balancer()).error == ""
    moved = aws_stack.up(balancer(port=8081))
    assert moved.error == ""
    assert moved.steps["targets"] == ["create-replacement", "replace", "delete-replaced"]
    assert len(aws_stack.of_type(":TargetGroup")) == 1


@ENGINE
def test_a_protected_load_balancer_is_not_deleted(aws_stack: AwsStack) -> None:
    assert aws_stack.up(balancer(protected=True)).error == ""
    assert aws_stack.destroy().said("OperationNotPermitted")
    assert aws_stack.up(balancer(protected=False)).error == ""
    assert aws_stack.destroy().error == ""


@pytest.mark.parametrize(
    ("type_", "inputs", "fault"),
    [
        (TARGET_GROUP, {"nope": 1}, "nope is no argument; there are connectionTermination, "),
        (TARGET_GROUP, {"stickiness": {"type": "x", "nope": 1}}, "stickiness.nope is no argument"),
        (TARGET_GROUP, {"stickiness": {"enabled": True}}, "stickiness.type is required"),
        (TARGET_GROUP, {"tags": {"a": ["b"]}}, "tags.a is a list; must be a text"),
        (TARGET_GROUP, {"port": [80]}, "port is a list; must be a number"),
        ("aws:ec2/vpc:Vpc", {"tags": ["a"]}, "tags is a list; must be a map"),
        ("aws:lb/listener:Listener", {"defaultActions": []}, "loadBalancerArn is required"),
        (
            "aws:lb/listener:Listener",
            {"defaultActions": [{}]},
            "defaultActions[0].type is required",
        ),
    ],
)
def test_names_kinds_and_required_arguments_are_checked_inside_blocks_too(
    type_: str, inputs: dict[str, Any], fault: str
) -> None:
    assert any(fault in found for found in arguments.faults(type_, inputs))


@ENGINE
def test_a_name_that_the_service_does_not_take_is_refused_before_it_is_asked(
    aws_stack: AwsStack,
) -> None:
    def program() -> None:
        lb.TargetGroup("a" * 30, port=80)

    refused = aws_stack.preview(program)
    assert refused.said("has 38 characters; AWS takes 32")


@ENGINE
def test_a_repository_with_images_is_deleted_only_by_force(aws_stack: AwsStack) -> None:
    def program() -> None:
        ecr.Repository("images", force_delete=False)

    assert aws_stack.up(program).error == ""
    aws_stack.fill(":Repository")
    assert aws_stack.destroy().said("RepositoryNotEmptyException")


@ENGINE
def test_the_database_needs_a_final_snapshot_and_makes_its_own_password(
    aws_stack: AwsStack,
) -> None:
    def program() -> None:
        database = rds.Instance(
            "database",
            instance_class="db.t4g.small",
            engine="postgres",
            engine_version="16",
            manage_master_user_password=True,
        )
        pulumi.export("secret", database.master_user_secrets[0].secret_arn)

    assert aws_stack.up(program).outputs["secret"].startswith("arn:aws:secretsmanager:")
    assert aws_stack.destroy().said("finalSnapshotIdentifier is required")


@ENGINE
@pytest.mark.parametrize("stays", [True, False])
def test_what_a_deletion_leaves_is_read_for_as_long_as_its_key_is_there(
    aws_stack: AwsStack, stays: bool
) -> None:
    def program() -> None:
        key = kms.Key("key", opts=pulumi.ResourceOptions(retain_on_delete=stays))
        secretsmanager.Secret("password", kms_key_id=key.arn, recovery_window_in_days=7)
        rds.Instance(
            "database",
            instance_class="db.t4g.small",
            engine="postgres",
            storage_encrypted=True,
            kms_key_id=key.arn,
            final_snapshot_identifier="last",
            delete_automated_backups=False,
        )

    assert aws_stack.up(program).error == ""
    assert aws_stack.unreadable() == []
    assert aws_stack.destroy().error == ""
    assert len(aws_stack.left()) == 3
    assert "last" in aws_stack.left()
    assert len(aws_stack.unreadable()) == (0 if stays else 3)


@ENGINE
def test_a_broker_answers_its_second_instance_first_and_hides_the_password(
    aws_stack: AwsStack,
) -> None:
    def program() -> None:
        broker = mq.Broker(
            "broker",
            engine_type="ActiveMQ",
            engine_version="5.18",
            host_instance_type="mq.m5.large",
            auto_minor_version_upgrade=True,
            deployment_mode="ACTIVE_STANDBY_MULTI_AZ",
            subnet_ids=["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
            users=[
                mq.BrokerUserArgs(
                    username="scipio", password=pulumi.Output.secret("correct-horse-1")
                )
            ],
        )
        pulumi.export("hosts", broker.instances.apply(lambda all_: [i.ip_address for i in all_]))

    run = aws_stack.up(program)
    assert (run.error, run.outputs["hosts"]) == ("", ["10.42.96.2", "10.42.96.1"])
    assert "correct-horse-1" not in aws_stack.state_on_disk()


@ENGINE
def test_an_explicit_provider_gives_account_and_default_tags(aws_stack: AwsStack) -> None:
    def program(allowed: str = "123456789012") -> None:
        provider = Provider(
            "aws",
            region="eu-west-1",
            allowed_account_ids=[allowed],
            default_tags={"tags": {"Cluster": "test"}},
        )
        options = pulumi.ResourceOptions(provider=provider)
        network = ec2.Vpc("network", cidr_block="10.42.0.0/16", tags={"A": "b"}, opts=options)
        identity = get_caller_identity_output(opts=pulumi.InvokeOptions(provider=provider))
        pulumi.export("arn", network.arn)
        pulumi.export("tags", network.tags_all)
        pulumi.export("account", identity.account_id)

    run = aws_stack.up(program)
    assert run.error == ""
    assert run.outputs["arn"].startswith("arn:aws:ec2:eu-west-1:123456789012:vpc/vpc-")
    assert run.outputs["tags"] == {"Cluster": "test", "A": "b"}
    assert run.outputs["account"] == "123456789012"
    assert aws_stack.preview(program).steps == {}
    refused = aws_stack.preview(lambda: program("999999999999"))
    assert refused.said("AWS account ID not allowed: 123456789012")


def test_the_table_of_arguments_belongs_to_the_locked_pulumi_aws() -> None:
    """After an upgrade: `python -m tests.engine.doubles.aws.known_inputs_generator`."""
    written = Path(known_inputs_generator.TABLE).read_text(encoding="utf-8")
    with warnings.catch_warnings():
        # The SDK warns of its own old classes when their modules are loaded.
        warnings.simplefilter("ignore", DeprecationWarning)
        assert json.loads(written) == known_inputs_generator.table()


def test_the_table_of_replacements_names_arguments_that_exist() -> None:
    unknown = [
        f"{type_}.{argument}"
        for type_, listed in REPLACES.items()
        for argument in listed
        if argument != EVERYTHING and argument not in arguments.resource(type_)["inputs"]
    ]
    assert unknown == []
