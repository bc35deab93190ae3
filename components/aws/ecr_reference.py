"""What the reference of an image in ECR says: account, region and repository."""

import re

_REFERENCE = re.compile(
    r"(?P<account>[0-9]{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?"
    r"/(?P<repository>[a-z0-9][a-z0-9._/-]*)(?:[:@].*)?"
)


def repository_name(reference: str, region: str) -> str | None:
    """The repository's name, of an image in ECR of that region; None of any other."""
    match = _REFERENCE.fullmatch(reference)
    return match["repository"] if match is not None and match["region"] == region else None


def in_region(reference: str, region: str) -> str | None:
    """What the same image is called where ECR has copied it to; None: the image is not in ECR."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return None
    return reference.replace(f".ecr.{match['region']}.", f".ecr.{region}.", 1)


def repository_arn(reference: str, partition: str) -> str | None:
    """The ARN of the repository that the image is in; None: the image is not in ECR."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return None
    return (
        f"arn:{partition}:ecr:{match['region']}:{match['account']}:repository/{match['repository']}"
    )
