"""Rules of CloudFront before the load balancer."""

from collections import Counter

from contract.faults import Fault, Location
from settings.aws.cdn import BEHAVIOURS_MAX, ORIGIN_TIMEOUT_UNASKED_S
from settings.aws.rules.rule import Rule
from settings.aws.settings import AwsSettings

ANYONE = "0.0.0.0/0"

_STATIC_PATHS: Location = ("cdn", "staticPaths")


def addresses_are_the_visitors_own(settings: AwsSettings) -> list[Fault]:
    """With `cdn.enabled`, nobody is told apart by address: the load balancer sees CloudFront's."""
    if not settings.cdn.enabled:
        return []
    balancer = settings.balancer
    limited = {
        "allowedCidrs": balancer.allowed_cidrs != (ANYONE,),
        "backOfficeCidrs": bool(balancer.back_office_cidrs),
        "maintenance": bool(balancer.maintenance and balancer.maintenance.still_in),
    }
    return [
        Fault(
            place=("balancer", key),
            others=(("cdn", "enabled"),),
            problem="the load balancer sees CloudFront's addresses and not the visitors'",
            hint="Turn cdn.enabled off, or leave addresses open and protect the back office by "
            "its log-in.",
        )
        for key, is_limited in limited.items()
        if is_limited
    ]


def the_cdn_waits_as_long_as_the_balancer(settings: AwsSettings) -> list[Fault]:
    """With `cdn.enabled`, `balancer.idleTimeoutS` is `cdn.originTimeoutS` at most."""
    cdn, promised = settings.cdn, settings.balancer.idle_timeout_s
    if not cdn.enabled or promised <= cdn.origin_timeout_s:
        return []
    return [
        Fault(
            place=("balancer", "idleTimeoutS"),
            others=(("cdn", "originTimeoutS"), ("cdn", "enabled")),
            problem=f"a page may say nothing for {promised} s, and CloudFront answers 504 after "
            f"{cdn.origin_timeout_s} s",
            hint=f"Set balancer.idleTimeoutS to {cdn.origin_timeout_s}, or raise "
            f"cdn.originTimeoutS: to {ORIGIN_TIMEOUT_UNASKED_S}, or to 180 once AWS has raised the "
            "quota.",
        )
    ]


def static_paths_fit_into_a_distribution(settings: AwsSettings) -> list[Fault]:
    """`cdn.staticPaths` are 74 at most, and everything else is the 75th behaviour."""
    count, most = len(settings.cdn.static_paths), BEHAVIOURS_MAX - 1
    if not settings.cdn.enabled or count <= most:
        return []
    return [
        Fault(
            place=_STATIC_PATHS,
            others=(("cdn", "enabled"),),
            problem=f"names {count} paths, and a distribution has {BEHAVIOURS_MAX} cache "
            "behaviours, of which one is everything else",
            hint=f"Name {most} at most: a path stands for all below it.",
        )
    ]


def static_paths_are_apart(settings: AwsSettings) -> list[Fault]:
    """No path of `cdn.staticPaths` is named twice, and none is `/`: pages belong to one visitor."""
    if not settings.cdn.enabled:
        return []
    plain = Counter(path.rstrip("/") for path in settings.cdn.static_paths)
    faults = [
        Fault(
            place=_STATIC_PATHS,
            others=(("cdn", "enabled"),),
            problem=f"{path} is named {count} times, with and without a slash at its end",
            hint="Name it once.",
        )
        for path, count in plain.items()
        if count > 1 and path
    ]
    if "" in plain:
        faults.append(
            Fault(
                place=_STATIC_PATHS,
                others=(("cdn", "enabled"),),
                problem="/ is everything, and one visitor's pages would be kept for all others",
                hint="Name folders of files that are the same for everybody, as /images.",
            )
        )
    return faults


RULES: tuple[Rule, ...] = (
    addresses_are_the_visitors_own,
    the_cdn_waits_as_long_as_the_balancer,
    static_paths_fit_into_a_distribution,
    static_paths_are_apart,
)
