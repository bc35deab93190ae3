"""What components around the servers are given in tests."""

import base64
from typing import Any

from components.aws.server_role import ServerProfiles
from components.aws.server_secrets import ServerSecrets
from settings.aws.settings import AwsSettings
from settings.load import load
from templates.syntax import cloud_config, systemd
from tests.support.aws_stand_ins import ACCOUNT_ID, REGION
from tests.support.recorder import Inputs, NeverSetError, Registration

REPOSITORY = f"{ACCOUNT_ID}.dkr.ecr.{REGION}.amazonaws.com/scipio"
IMAGE = f"{REPOSITORY}@sha256:{'0a' * 32}"
OTHER_IMAGE = f"{REPOSITORY}@sha256:{'0b' * 32}"
MACHINE_IMAGE = "ami-0123456789abcdef0"
SECURITY_GROUP = "sg-0123456789abcdef0"
PROFILES = ServerProfiles(
    launched=f"arn:aws:iam::{ACCOUNT_ID}:instance-profile/scipio-prod-app-preparation-0a1b2c3",
    serving=f"arn:aws:iam::{ACCOUNT_ID}:instance-profile/scipio-prod-app-0a1b2c3",
)
SECRET_ARN = f"arn:aws:secretsmanager:eu-central-1:{ACCOUNT_ID}:secret:"
SECRETS = ServerSecrets(
    database_app=f"{SECRET_ARN}app-AbCdEf",
    database_admin=f"{SECRET_ARN}rds!db-1-AbCdEf",
    broker_app=f"{SECRET_ARN}broker-AbCdEf",
    administrator=f"{SECRET_ARN}erp-AbCdEf",
)
PROFILE = f"arn:aws:iam::{ACCOUNT_ID}:instance-profile/scipio-prod-app-0a1b2c3"

_PROD: dict[str, dict[str, Any]] = {
    "aws": {"region": REGION, "allowedAccountIds": [ACCOUNT_ID]},
    "network": {"zones": [f"{REGION}a", f"{REGION}b"]},
    "dns": {"zone": {"id": "Z0123456789", "name": "example.com"}},
    "balancer": {"host": "erp.example.com"},
    "image": {"existing": IMAGE},
    "servers": {"ami": MACHINE_IMAGE},
    "monitoring": {"alarmEmails": ["operations@example.com"]},
}


def production(**sections: dict[str, Any]) -> AwsSettings:
    """Settings of production, some keys of some sections changed; names as in a stack file."""
    merged = {
        name: {**_PROD.get(name, {}), **sections.get(name, {})} for name in {**_PROD, **sections}
    }
    stack = {f"scipio:{name}": values for name, values in merged.items()}
    settings = load({"scipio:profile": "prod", **stack}, where="test")
    assert isinstance(settings, AwsSettings)
    return settings


def two_colours(**sections: dict[str, Any]) -> AwsSettings:
    """Production in the middle of a release: green is new, blue still has its visitors."""
    release = {
        "mode": "bluegreen",
        "active": "green",
        "blue": {"image": OTHER_IMAGE, "min": 1, "max": 3, "desired": 2},
        "green": {"image": IMAGE},
    }
    return production(release={**release, **sections.pop("release", {})}, **sections)


def files(template: Registration) -> dict[str, str]:
    """Path → content of the files that user data writes."""
    text = base64.b64decode(template.inputs["userData"]).decode()
    return {file["path"]: file["content"] for file in cloud_config.parse(text)["write_files"]}


def environment(template: Registration) -> dict[str, str]:
    """What the scripts of the server are told."""
    return systemd.parse_environment(files(template)["/etc/scipio/server.env"])


def unset(inputs: Inputs, key: str) -> bool:
    """Whether the input was left to AWS."""
    try:
        return inputs[key] is None
    except NeverSetError:
        return True


__all__ = ["environment", "files", "production", "two_colours", "unset"]
