"""Vaults and plans of AWS Backup."""

import uuid

from tests.engine.doubles.aws.computed.new import Answer, Answers, New


def _vault(new: New) -> Answer:
    name = str(new.inputs["name"])
    return name, {"arn": new.arn("backup", f"backup-vault:{name}"), "recoveryPoints": 0}


def _plan(new: New) -> Answer:
    id_ = str(uuid.uuid4())
    return id_, {"arn": new.arn("backup", f"backup-plan:{id_}"), "version": new.digits(32)}


ANSWERS: Answers = {
    "aws:backup/plan:Plan": _plan,
    "aws:backup/vault:Vault": _vault,
}
