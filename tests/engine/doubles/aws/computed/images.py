"""Repositories of images, and images that were pushed."""

import hashlib

from tests.engine.doubles.aws.computed.new import Answer, Answers, New


def _repository(new: New) -> Answer:
    name = str(new.inputs["name"])
    host = f"{new.where.account_id}.dkr.ecr.{new.where.region}.amazonaws.com"
    return name, {
        "arn": new.arn("ecr", f"repository/{name}"),
        "repositoryUrl": f"{host}/{name}",
        "registryId": new.where.account_id,
    }


def _pushed_image(new: New) -> Answer:
    name = str(new.inputs["imageName"])
    repository = name.rsplit(":", maxsplit=1)[0]
    digest = f"{repository}@sha256:{hashlib.sha256(name.encode()).hexdigest()}"
    return name, {"baseImageName": name, "repoDigest": digest}


ANSWERS: Answers = {
    "aws:ecr/repository:Repository": _repository,
    "docker:index/image:Image": _pushed_image,
}
