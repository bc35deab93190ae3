"""The IAM policies that the deployer of a stack needs, from the stack's plan. Pure.

Each type of the plan brings its actions. What can be confined is: roles, secrets, buckets and the
hosted zone by their names, keys by the service that uses them, what has a region by the region.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from account.own_actions import ALWAYS, OWN, PREFLIGHT, RELEASE
from account.plan import Plan
from settings.aws.settings import AwsSettings

LENGTH_MAX: Final = 6144
"""Characters of a managed policy, less white space (IAM/latest/UserGuide/reference_iam-quotas)."""

GLOBAL: Final = frozenset({"budgets", "cloudfront", "iam", "route53", "s3", "sts"})
"""Services whose calls name no region of the stack's."""

_TABLE: Final = Path(__file__).with_name("actions.json")
_MANY: Final = 5
_KEY_USES: Final = ("kms:Decrypt", "kms:GenerateDataKey")
_SERVICE_LINKED: Final = "iam:CreateServiceLinkedRole"
_ATTACHING: Final = ("iam:AttachRolePolicy", "iam:DetachRolePolicy")
_UNCONFINED: Final = frozenset(
    {"ecr:GetAuthorizationToken", "secretsmanager:ListSecrets", "route53:GetChange"}
)
"""Actions that AWS cannot confine to a resource."""

Json = dict[str, Any]


class UnknownTypeError(Exception):
    """The plan has a type of which no table says the actions."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the stack is, as ARNs say it."""

    cluster: str
    partition: str
    account_id: str
    regions: tuple[str, ...]
    zone_id: str | None

    @classmethod
    def of(cls, settings: AwsSettings, cluster: str) -> "Place":
        """Of a stack; with several accounts allowed, the first one's."""
        region = settings.aws.region
        further = [settings.backup.copy_region] if settings.backup.enabled else []
        further += ["us-east-1"] if settings.cdn.enabled else []
        prefixes = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}
        partition = next((v for k, v in prefixes.items() if region.startswith(k)), "aws")
        return cls(
            cluster=cluster,
            partition=partition,
            account_id=settings.aws.allowed_account_ids[0],
            regions=tuple(dict.fromkeys([region, *filter(None, further)])),
            zone_id=settings.dns.zone.id if settings.dns.zone else None,
        )

    def arn(self, service: str, resource: str, *, region: str = "*") -> str:
        """Of something of this account."""
        return f"arn:{self.partition}:{service}:{region}:{self.account_id}:{resource}"


def actions(plan: Plan) -> frozenset[str]:
    """Every action that an update, a tear-down or a preflight of the plan takes.

    Raises `UnknownTypeError`.
    """
    found = {*ALWAYS, *PREFLIGHT, *RELEASE}
    for token in plan.types():
        known = [*_table().get(token, ()), *OWN.get(token, ())]
        if not known:
            raise UnknownTypeError(
                f"{token}: no table says what it takes. Add it to "
                "tests/account/actions_generator.py or account/own_actions.py."
            )
        found.update(known)
    return frozenset(found)


def policies(plan: Plan, place: Place) -> dict[str, Json]:
    """Name → document, as few as the length of a managed policy allows."""
    documents: list[list[Json]] = [[]]
    for statement in _statements(plan, place):
        for piece in _pieces(statement):
            if _length(_document([*documents[-1], piece])) > LENGTH_MAX:
                documents.append([])
            documents[-1].append(piece)
    return {
        f"{place.cluster}-deployer-{number}": _document(statements)
        for number, statements in enumerate(documents, start=1)
    }


def _statements(plan: Plan, place: Place) -> Iterator[Json]:
    by_service: dict[str, set[str]] = defaultdict(set)
    for action in actions(plan):
        by_service[action.partition(":")[0]].add(action)
    for service, all_of_it in sorted(by_service.items()):
        if service == "iam":
            yield from _of_roles(all_of_it, plan, place)
            continue
        needed = all_of_it - set(_KEY_USES)
        if keys := all_of_it - needed:
            yield _allow(keys, ["*"], _by_secrets_manager(place))
        confined = _resources(service, place)
        free = needed & _UNCONFINED if confined != ["*"] else needed
        for some, resources in ((free, ["*"]), (needed - free, confined)):
            if some:
                yield _allow(some, resources, _in_regions(service, place))


def _resources(service: str, place: Place) -> list[str]:
    """What the actions of a service may be used on; `*` where names are AWS's own."""
    cluster = place.cluster
    bucket = f"arn:{place.partition}:s3:::{cluster}-*"
    zone = f"arn:{place.partition}:route53:::hostedzone/{place.zone_id or '*'}"
    named = {
        "s3": [bucket, f"{bucket}/*"],
        "secretsmanager": [
            place.arn("secretsmanager", f"secret:{cluster}/*"),
            # RDS keeps the administrator's password in a secret that it names itself.
            place.arn("secretsmanager", "secret:rds!*"),
        ],
        "route53": [zone, f"arn:{place.partition}:route53:::change/*"],
        "sns": [place.arn("sns", f"{cluster}-*")],
        "events": [place.arn("events", f"rule/{cluster}-*")],
    }
    return named.get(service, ["*"])


def _of_roles(needed: set[str], plan: Plan, place: Place) -> Iterator[Json]:
    """Only roles of the cluster, with the policies that the plan attaches to them."""
    own = [
        place.arn("iam", f"{kind}/{place.cluster}-*", region="")
        for kind in ("role", "instance-profile", "policy")
    ]
    plain = needed - {*_ATTACHING, _SERVICE_LINKED, "iam:PassRole"}
    if plain:
        yield _allow(plain, own)
    if attaching := needed & set(_ATTACHING):
        attached = {
            str(each.inputs["policyArn"])
            for each in plan.of_type("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
            if str(each.inputs.get("policyArn", "")).startswith("arn:")
        }
        condition = {"ArnLike": {"iam:PolicyARN": sorted({*attached, own[2]})}}
        yield _allow(attaching, own[:1], condition)
    if "iam:PassRole" in needed:
        condition = {"StringEquals": {"iam:PassedToService": _trusted(plan)}}
        yield _allow({"iam:PassRole"}, own[:1], condition)
    if _SERVICE_LINKED in needed:
        linked = place.arn("iam", "role/aws-service-role/*", region="")
        yield _allow({_SERVICE_LINKED}, [linked])


def _trusted(plan: Plan) -> list[str]:
    """The services that the plan's roles are for."""
    found: set[str] = set()
    for role in plan.of_type("aws:iam/role:Role"):
        for statement in json.loads(str(role.inputs["assumeRolePolicy"]))["Statement"]:
            services = statement["Principal"].get("Service", [])
            found.update([services] if isinstance(services, str) else services)
    return sorted(found)


def _in_regions(service: str, place: Place) -> Json | None:
    if service in GLOBAL:
        return None
    return {"StringEquals": {"aws:RequestedRegion": list(place.regions)}}


def _by_secrets_manager(place: Place) -> Json:
    """A secret is written and read back by the update; its key serves nothing else of it."""
    uses = [f"secretsmanager.{region}.amazonaws.com" for region in place.regions]
    return {"StringEquals": {"kms:ViaService": uses}}


def _allow(needed: set[str], resources: list[str], condition: Json | None = None) -> Json:
    statement: Json = {
        "Effect": "Allow",
        "Action": _shortened(needed),
        "Resource": resources,
    }
    return statement | ({"Condition": condition} if condition else {})


def _shortened(needed: set[str]) -> list[str]:
    """Many questions of one service become one: `ec2:Describe*` changes nothing."""
    asked = defaultdict(list)
    for each in needed:
        service, _, operation = each.partition(":")
        if operation.startswith("Describe"):
            asked[service].append(each)
    short = set(needed)
    for service, several in asked.items():
        if len(several) >= _MANY:
            short = short - set(several) | {f"{service}:Describe*"}
    return sorted(short)


def _pieces(statement: Json) -> Iterator[Json]:
    """The statement in parts of which each fits a document of its own."""
    rest = list(statement["Action"])
    while rest:
        some = list(rest)
        while _length(_document([{**statement, "Action": some}])) > LENGTH_MAX:
            some = some[: len(some) // 2]
        yield {**statement, "Action": some}
        rest = rest[len(some) :]


def _document(statements: Sequence[Json]) -> Json:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _length(document: Json) -> int:
    return len(json.dumps(document, separators=(",", ":")))


@cache
def _table() -> Mapping[str, Sequence[str]]:
    found: Mapping[str, Sequence[str]] = json.loads(_TABLE.read_text(encoding="utf-8"))
    return found
