"""The database, with the secret that RDS makes for it."""

import uuid

from tests.engine.doubles.aws.computed.new import Answer, Answers, New, named


def _database(new: New) -> Answer:
    identifier = new.physical_name("identifier")
    id_ = f"db-{new.digits(26).upper()}"
    port = int(new.inputs.get("port") or 5432)
    address = f"{identifier}.{new.digits(12)}.{new.where.region}.rds.amazonaws.com"
    outputs = {
        "identifier": identifier,
        "arn": new.arn("rds", f"db:{identifier}"),
        "address": address,
        "endpoint": f"{address}:{port}",
        "port": port,
        "hostedZoneId": "Z1RLNUO7B9Q6NB",
        "resourceId": id_,
        "status": "available",
        "engineVersionActual": f"{new.inputs.get('engineVersion', '16')}.11",
        "masterUserSecrets": [],
    }
    if new.inputs.get("manageMasterUserPassword"):
        secret = new.arn("secretsmanager", f"secret:rds!{id_.lower()}-{new.digits(6)}")
        key = new.inputs.get("masterUserSecretKmsKeyId") or new.arn("kms", f"key/{uuid.uuid4()}")
        outputs["masterUserSecrets"] = [
            {"kmsKeyId": key, "secretArn": secret, "secretStatus": "active"}
        ]
    return id_, outputs


ANSWERS: Answers = {
    "aws:rds/instance:Instance": _database,
    "aws:rds/parameterGroup:ParameterGroup": named("rds", "pg"),
    "aws:rds/subnetGroup:SubnetGroup": named("rds", "subgrp"),
}
