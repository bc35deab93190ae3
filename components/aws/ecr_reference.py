"""What the reference of an image in ECR says: account, region and repository."""

import re

_REFERENCE = re.compile(
    r"(?P<account>[0-9]{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?"
    r"/(?P<repository>[a-z0-9][a-z0-9._/-]*)(?:[:@].*)?"
)


def repository_arn(reference: str, partition: str) -> str | None:
    """The ARN of the repository that the image is in; None: the image is not in ECR."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return None
    return (
        f"arn:{partition}:ecr:{match['region']}:{match['account']}:repository/{match['repository']}"
    )
