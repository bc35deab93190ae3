"""Physical names: what the released provider makes of a logical name, and how long they may be."""

import hashlib

NAME_ARGUMENT = {
    "aws:backup/selection:Selection": None,
    "aws:budgets/budget:Budget": "name",
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": None,
    "aws:mq/broker:Broker": "brokerName",
    "aws:rds/instance:Instance": "identifier",
    "aws:s3/bucket:Bucket": "bucket",
    "aws:sns/topic:Topic": "name",
}
"""Where the physical name is in something else than `name`; None: it gets no automatic one."""

PREFIX_ARGUMENT = {
    "aws:rds/instance:Instance": "identifierPrefix",
    "aws:s3/bucket:Bucket": "bucketPrefix",
}

LONGEST = {
    "aws:backup/vault:Vault": 50,
    "aws:iam/role:Role": 64,
    "aws:lb/loadBalancer:LoadBalancer": 32,
    "aws:lb/targetGroup:TargetGroup": 32,
    "aws:mq/broker:Broker": 50,
    "aws:rds/instance:Instance": 63,
    "aws:s3/bucket:Bucket": 63,
    "aws:autoscaling/group:Group": 255,
}
"""Characters, by each service's API reference."""

LONGEST_PREFIX = {
    "aws:lb/loadBalancer:LoadBalancer": 6,
    "aws:lb/targetGroup:TargetGroup": 6,
    "aws:iam/role:Role": 38,
}
"""The provider appends 26 digits to a prefix, or what is left of 32 characters."""


def name_argument(type_: str, known: dict[str, object]) -> str | None:
    """The argument that holds the physical name, where there is one."""
    if type_ in NAME_ARGUMENT:
        return NAME_ARGUMENT[type_]
    return "name" if "name" in known else None


def prefix_argument(type_: str) -> str:
    """The argument that begins the physical name instead."""
    return PREFIX_ARGUMENT.get(type_, "namePrefix")


def automatic(urn: str, seed: bytes) -> str:
    """The logical name, a hyphen and seven digits: other ones for every new resource."""
    digits = hashlib.sha256(seed + urn.encode()).hexdigest()[:7]
    return f"{urn.rsplit('::', maxsplit=1)[-1]}-{digits}"


def too_long(type_: str, name: str) -> str | None:
    """The fault of a name that its service would not take."""
    most = LONGEST.get(type_)
    if most is None or len(name) <= most:
        return None
    return f"{name!r} has {len(name)} characters; AWS takes {most}"


def prefix_too_long(type_: str, prefix: str) -> str | None:
    """The fault of a prefix after which the rest would not fit."""
    most = LONGEST_PREFIX.get(type_)
    if most is None or len(prefix) <= most:
        return None
    return f"the prefix {prefix!r} has {len(prefix)} characters; the provider takes {most}"
