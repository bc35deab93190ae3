"""Secrets and keys."""

import uuid

from tests.engine.doubles.aws.computed.new import Answer, Answers, New


def _secret(new: New) -> Answer:
    name = new.physical_name()
    arn = new.arn("secretsmanager", f"secret:{name}-{new.digits(6)}")
    return arn, {"name": name, "arn": arn}


def _secret_version(new: New) -> Answer:
    version = f"terraform-{uuid.uuid4().int % 10**26}"
    arn = str(new.inputs["secretId"])
    outputs = {
        "arn": arn,
        "secretArn": arn,
        "versionId": version,
        "versionStages": ["AWSCURRENT"],
    }
    return f"{arn}|{version}", outputs


def _key(new: New) -> Answer:
    id_ = str(uuid.uuid4())
    return id_, {
        "keyId": id_,
        "arn": new.arn("kms", f"key/{id_}"),
        "policy": new.inputs.get("policy", ""),
    }


def _alias(new: New) -> Answer:
    name = new.physical_name()
    target = str(new.inputs["targetKeyId"])
    return name, {"name": name, "arn": new.arn("kms", name), "targetKeyArn": target}


ANSWERS: Answers = {
    "aws:kms/alias:Alias": _alias,
    "aws:kms/key:Key": _key,
    "aws:secretsmanager/secret:Secret": _secret,
    "aws:secretsmanager/secretVersion:SecretVersion": _secret_version,
}
