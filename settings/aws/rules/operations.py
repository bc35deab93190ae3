"""Rules of search, secrets, backups and of who is told."""

from contract.cluster_document import HEALTH_PORT, SIGN_PORT
from contract.faults import Fault
from settings import mail
from settings.aws.rules.rule import Rule
from settings.aws.settings import AwsSettings

RECOVERY_MIN_DAYS = 7
"""Secrets Manager takes 0 (at once), or 7 to 30 (API reference, DeleteSecret)."""

SHOP = "/shop"


_BLOCKED_PORT = 25


def shop_has_a_search(settings: AwsSettings) -> list[Fault]:
    """With `search.mode` off, visitors are not sent to the shop, which lists products by search."""
    target = settings.balancer.root_redirect
    is_shop = target == SHOP or target.startswith(f"{SHOP}/")
    if settings.search.mode != "off" or not is_shop:
        return []
    return [
        Fault(
            place=("search", "mode"),
            others=(("balancer", "rootRedirect"),),
            problem=f'is off, and "/" leads to {target}: the shop lists products by searching',
            hint="Set search.mode to solr, or balancer.rootRedirect to /admin/control/main.",
        )
    ]


def search_has_a_port_of_its_own(settings: AwsSettings) -> list[Fault]:
    """`search.port` is neither 8082 nor 8083, where every node shows its sign and its health."""
    port = settings.search.port
    if port not in (SIGN_PORT, HEALTH_PORT):
        return []
    return [
        Fault(
            place=("search", "port"),
            problem=f"got {port}, where the search node itself shows its "
            + ("sign" if port == SIGN_PORT else "health"),
            hint="Take another one, for example 8983.",
        )
    ]


def recovery_is_accepted(settings: AwsSettings) -> list[Fault]:
    """`secrets.recoveryDays` is 0, or 7 at least."""
    days = settings.secrets.recovery_days
    if days == 0 or days >= RECOVERY_MIN_DAYS:
        return []
    return [
        Fault(
            place=("secrets", "recoveryDays"),
            problem=f"got {days}",
            allowed=f"0, or a whole number from {RECOVERY_MIN_DAYS} to 30",
        )
    ]


def files_are_backed_up_once(settings: AwsSettings) -> list[Fault]:
    """`files.dailyBackup` and `backup.enabled` are not both true: each would be paid for."""
    if not (settings.files.daily_backup and settings.backup.enabled):
        return []
    return [
        Fault(
            place=("files", "dailyBackup"),
            others=(("backup", "enabled"),),
            problem="the files are in the backup plan already",
            hint="Set files.dailyBackup to false.",
        )
    ]


def copies_go_elsewhere(settings: AwsSettings) -> list[Fault]:
    """`backup.copyRegion` is another region, of the same part of AWS."""
    target, region = settings.backup.copy_region, settings.aws.region
    if target is None or (target != region and _partition(target) == _partition(region)):
        return []
    problem = (
        f"{target} is the stack's own region"
        if target == region
        else f"{target} is in another part of AWS than {region}, and nothing is copied between them"
    )
    return [
        Fault(
            place=("backup", "copyRegion"),
            others=(("aws", "region"),),
            problem=problem,
            hint="Name a region far away, or set null.",
        )
    ]


def images_are_copied_somewhere(settings: AwsSettings) -> list[Fault]:
    """`image.replicate` has a `backup.copyRegion`, and `image.existing` in ECR of `aws.region`."""
    image = settings.image.existing
    host = f".dkr.ecr.{settings.aws.region}.amazonaws.com"
    if not settings.image.replicate or (
        settings.backup.copy_region is not None and image is not None and host in image
    ):
        return []
    return [
        Fault(
            place=("image", "replicate"),
            others=(("backup", "copyRegion"), ("image", "existing")),
            problem="there is no second region, or no image in ECR of the stack's own",
            hint="Set both, or set image.replicate to false.",
        )
    ]


def somebody_is_told(settings: AwsSettings) -> list[Fault]:
    """In `prod`, alarms have `monitoring.alarmEmails` or `monitoring.alarmTopicArn`."""
    monitoring = settings.monitoring
    told = monitoring.alarm_emails or monitoring.alarm_topic_arn is not None
    if settings.profile != "prod" or not monitoring.alarms or told:
        return []
    return [
        Fault(
            place=("monitoring", "alarmEmails"),
            others=(("monitoring", "alarmTopicArn"), ("monitoring", "alarms")),
            problem="production has alarms, and nobody is told",
            hint="Name an address, or the topic of whoever is on duty in alarmTopicArn.",
        )
    ]


def budget_is_reported(settings: AwsSettings) -> list[Fault]:
    """With `monitoring.monthlyBudgetUsd` there are `monitoring.alarmEmails` to tell."""
    monitoring = settings.monitoring
    if monitoring.monthly_budget_usd is None or monitoring.alarm_emails:
        return []
    return [
        Fault(
            place=("monitoring", "monthlyBudgetUsd"),
            others=(("monitoring", "alarmEmails"),),
            problem="there is a budget, and nobody is told when it is spent",
            hint="Name an address in monitoring.alarmEmails.",
        )
    ]


def _partition(region: str) -> str:
    """Regions of China and of the American government are worlds of their own."""
    apart = ("cn-", "us-gov-")
    return next((prefix for prefix in apart if region.startswith(prefix)), "")


def mail_has_a_relay(settings: AwsSettings) -> list[Fault]:
    """`mail.fromAddress` and `mail.redirectTo` go with `mail.relayHost`."""
    return mail.without_a_relay(settings.mail)


def mail_finds_a_way_out(settings: AwsSettings) -> list[Fault]:
    """With `mail.relayHost`, `mail.port` is not 25: EC2 lets nothing out there by default."""
    if settings.mail.relay_host is None or settings.mail.port != _BLOCKED_PORT:
        return []
    return [
        Fault(
            place=("mail", "port"),
            problem="EC2 lets nothing out at port 25 unless AWS was asked to",
            hint="Set 587 (starttls) or 465 (tls); Amazon SES takes 2587 and 2465 too.",
        )
    ]


RULES: tuple[Rule, ...] = (
    mail_has_a_relay,
    mail_finds_a_way_out,
    shop_has_a_search,
    search_has_a_port_of_its_own,
    recovery_is_accepted,
    files_are_backed_up_once,
    copies_go_elsewhere,
    images_are_copied_somewhere,
    somebody_is_told,
    budget_is_reported,
)
