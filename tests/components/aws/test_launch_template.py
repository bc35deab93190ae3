"""How servers are launched: hardened, whatever the settings say."""

import base64
import hashlib
from typing import Any

from components.aws.launch_template import LaunchTemplate, LaunchTemplateArgs
from tests.components.aws.sections import KEY_ARN, recorded, surroundings
from tests.components.aws.servers import MACHINE_IMAGE, PROFILE, SECURITY_GROUP, unset
from tests.support.recorder import Inputs

TEXT = "#cloud-config\n{}\n"


def template(**changes: Any) -> Inputs:
    given: dict[str, Any] = {
        "surroundings": surroundings(),
        "image_id": MACHINE_IMAGE,
        "instance_type": "m7i.large",
        "instance_profile_arn": PROFILE,
        "security_group_ids": [SECURITY_GROUP],
        "user_data": TEXT,
        "volume_gib": 40,
        "volume_key_arn": KEY_ARN,
        "detailed_monitoring": True,
    }
    args = LaunchTemplateArgs(**{**given, **changes})
    recording = recorded(lambda: LaunchTemplate("scipio-prod-blue", args))
    return recording.of_type("ec2/launchTemplate:LaunchTemplate")[0].inputs


def test_metadata_is_for_imdsv2_alone_and_reaches_no_container() -> None:
    """What runs in the ERP gets no credentials of its server."""
    assert template()["metadataOptions"] == {
        "httpEndpoint": "enabled",
        "httpTokens": "required",
        "httpPutResponseHopLimit": 1,
        "instanceMetadataTags": "disabled",
    }


def test_the_disk_is_encrypted_with_the_key_that_is_given() -> None:
    """And goes with its server."""
    [disk] = template()["blockDeviceMappings"]

    assert disk["deviceName"] == "/dev/xvda"
    assert disk["ebs"] == {
        "volumeType": "gp3",
        "volumeSize": 40,
        "encrypted": "true",
        "kmsKeyId": KEY_ARN,
        "deleteOnTermination": "true",
    }


def test_without_a_key_of_the_stack_the_disk_is_encrypted_all_the_same() -> None:
    """With Amazon's own."""
    [disk] = template(volume_key_arn=None)["blockDeviceMappings"]

    assert disk["ebs"]["encrypted"] == "true"
    assert unset(disk["ebs"], "kmsKeyId")


def test_nobody_logs_in_with_a_key_pair_and_a_shut_down_server_is_gone() -> None:
    """Session Manager is the way in; the group replaces what ends."""
    inputs = template()

    assert unset(inputs, "keyName")
    assert inputs["instanceInitiatedShutdownBehavior"] == "terminate"


def test_the_user_data_arrives_as_base64_and_its_digest_as_text() -> None:
    """A preview shows base64 to nobody's use."""
    inputs = template()

    assert base64.b64decode(inputs["userData"]).decode() == TEXT
    assert hashlib.sha256(TEXT.encode()).hexdigest() in inputs["description"]
    assert len(inputs["description"]) <= 255


def test_tags_reach_instances_volumes_and_interfaces() -> None:
    """The provider's default tags do not."""
    specifications = template()["tagSpecifications"]

    assert {each["resourceType"] for each in specifications} == {
        "instance",
        "volume",
        "network-interface",
    }
    for each in specifications:
        assert each["tags"] == {"Cluster": "scipio-prod", "Name": "scipio-prod-blue"}


def test_every_setting_reaches_the_template() -> None:
    """Each as it is given."""
    inputs = template()

    assert inputs["imageId"] == MACHINE_IMAGE
    assert inputs["instanceType"] == "m7i.large"
    assert inputs["iamInstanceProfile"] == {"arn": PROFILE}
    assert inputs["vpcSecurityGroupIds"] == [SECURITY_GROUP]
    assert inputs["monitoring"] == {"enabled": True}
    assert template(detailed_monitoring=False)["monitoring"] == {"enabled": False}
    assert unset(inputs, "updateDefaultVersion"), "the default is what a release has brought up"
