"""The routing rules of the cluster, said once for HAProxy, the load balancer and the firewall."""

from collections.abc import Iterable

from contract.routing import BlockedPath, RoutingRules
from settings.aws.settings import AwsSettings
from settings.maintenance import maintenance_rule
from settings.models import Settings
from settings.visitor_paths import (
    ANY_WEBAPP,
    BLOCKED_PATHS,
    BLOCKED_REASONS,
    PUBLIC_PATHS,
    VIEW_PATHS,
)

HEALTH_PATH = "/images/busy.gif"
"""Static, 200, makes no session; `/admin/ping.txt` would make one at every probe."""

AWS_COOKIE_NAME = "AWSALB"
"""What an Application Load Balancer calls its cookie; it has no other name
(elasticloadbalancing/latest/application/sticky-sessions)."""

_NAMED_BY_THE_STACK = "named in balancer.blockedPaths"


def routing_rules(settings: Settings | AwsSettings) -> RoutingRules:
    """The rules with this stack's values."""
    if isinstance(settings, AwsSettings):
        return _routing_rules_on_aws(settings)
    balancer = settings.balancer
    return RoutingRules(
        health_path=HEALTH_PATH,
        root_redirect=balancer.root_redirect,
        blocked=blocked(balancer.blocked_paths),
        public_paths=balancer.public_paths,
        view_paths=balancer.view_paths,
        cookie_name=balancer.cookie_name,
        stickiness_s=balancer.stickiness_s,
        maintenance=maintenance_rule(balancer.maintenance),
    )


def default_routing_rules() -> RoutingRules:
    """What every profile says of paths, for an image that no stack runs yet."""
    return RoutingRules(
        health_path=HEALTH_PATH,
        root_redirect="/",
        blocked=blocked(BLOCKED_PATHS),
        public_paths=PUBLIC_PATHS,
        view_paths=VIEW_PATHS,
        stickiness_s=1,
    )


def blocked(paths: Iterable[str]) -> tuple[BlockedPath, ...]:
    """The entries of `balancer.blockedPaths`, each with its reason."""
    return tuple(
        BlockedPath(
            path=path.removeprefix(ANY_WEBAPP),
            match="any-webapp" if path.startswith(ANY_WEBAPP) else "prefix",
            reason=BLOCKED_REASONS.get(path, _NAMED_BY_THE_STACK),
        )
        for path in paths
    )


def _routing_rules_on_aws(settings: AwsSettings) -> RoutingRules:
    balancer = settings.balancer
    return RoutingRules(
        health_path=HEALTH_PATH,
        root_redirect=balancer.root_redirect,
        blocked=blocked(balancer.blocked_paths),
        public_paths=balancer.public_paths,
        view_paths=balancer.view_paths,
        back_office_cidrs=balancer.back_office_cidrs,
        cookie_name=AWS_COOKIE_NAME,
        stickiness_s=balancer.stickiness_s,
        health_interval_s=balancer.health_interval_s,
        healthy_threshold=balancer.healthy_threshold,
        unhealthy_threshold=balancer.unhealthy_threshold,
        maintenance=maintenance_rule(balancer.maintenance, balancer.back_office_cidrs),
    )
