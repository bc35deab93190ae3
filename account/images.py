"""Whether the images are there: the machine's, its age, and the one that the nodes run."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from account.errors import MissingError, UnansweredError
from account.finding import Finding, fits, lacks, mind, unknown
from account.session import Aws
from settings.aws.groups import server_groups
from settings.aws.settings import AwsSettings

OLD_AFTER: Final = timedelta(days=90)
"""Amazon publishes a new Amazon Linux 2023 every two weeks, with the security fixes of the time."""

_NEWEST: Final = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-{architecture}"

_ECR: Final = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?/"
    r"(?P<repository>[^@:]+)(@(?P<digest>sha256:[0-9a-f]{64})|:(?P<tag>[\w.-]+))"
)


def machine_image_finding(aws: Aws, settings: AwsSettings, now: datetime) -> Finding:
    """Whether `servers.ami` is there, fits, and how old it is."""
    servers = settings.servers
    if servers.ami is None:
        return fits("Machine image", "the newest Amazon Linux 2023 at each update")
    subject = f"Machine image {servers.ami}"
    try:
        found = aws.ask_all("ec2", "describe_images", "Images", ImageIds=[servers.ami])
    except MissingError:
        found = []
    newest = _newest(aws, servers.architecture)
    remedy = f"Set servers.ami to {newest}, the newest here; it replaces every server."
    if not found:
        return lacks(subject, f"not in {aws.region}, or not for this account", remedy)
    return _of_its_age(subject, found[0], servers.architecture, now, remedy)


def node_image_findings(aws: Aws, settings: AwsSettings) -> Iterator[Finding]:
    """Whether the image of each colour is in its registry."""
    named = dict.fromkeys(
        group.image or settings.image.existing for group in server_groups(settings)
    )
    for image in named:
        yield _node_image(aws, image)


def _of_its_age(
    subject: str, image: Mapping[str, Any], architecture: str, now: datetime, remedy: str
) -> Finding:
    if image.get("State") != "available":
        return lacks(subject, f"its state is {image.get('State')}", remedy)
    if image.get("Architecture") != architecture:
        seen = f"it is {image.get('Architecture')}, and servers.architecture is {architecture}"
        return lacks(subject, seen, remedy)
    age = now - _moment(str(image["CreationDate"]))
    deprecated = image.get("DeprecationTime")
    if deprecated and _moment(str(deprecated)) <= now:
        return mind(subject, f"{age.days} days old, and deprecated", remedy)
    if age > OLD_AFTER:
        return mind(subject, f"{age.days} days old", remedy)
    return fits(subject, f"{age.days} days old")


def _node_image(aws: Aws, image: str | None) -> Finding:
    if image is None:
        return fits("Node's image", "built and pushed by the update")
    subject = f"Node's image …/{image.rsplit('/', maxsplit=1)[-1][:40]}"
    place = _ECR.fullmatch(image)
    if place is None:
        return unknown(
            subject,
            "not in a registry of AWS, so it was not looked for",
            "Servers pull it without credentials: try `docker manifest inspect` with it.",
        )
    key = "imageDigest" if place["digest"] else "imageTag"
    try:
        found = aws.ask_all(
            "ecr",
            "describe_images",
            "imageDetails",
            in_region=place["region"],
            registryId=place["account"],
            repositoryName=place["repository"],
            imageIds=[{key: place["digest"] or place["tag"]}],
        )
    except MissingError as refusal:
        return lacks(
            subject,
            f"not in {place['account']}/{place['repository']}, {place['region']} ({refusal.code})",
            "Push it (`make image` makes one), and name it by the digest that it has there.",
        )
    pushed = found[0].get("imagePushedAt") if found else None
    return fits(subject, f"pushed {pushed:%Y-%m-%d}" if pushed else "there")


def _newest(aws: Aws, architecture: str) -> str:
    name = _NEWEST.format(architecture=architecture)
    try:
        return str(aws.ask("ssm", "get_parameter", Name=name)["Parameter"]["Value"])
    except (MissingError, UnansweredError):
        return "what `aws ssm get-parameter` prints (docs/operations.md, The first time)"


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)
