"""The routing rules of the cluster, said once for HAProxy and for the ALB."""

from contract.routing import BlockedPath, RoutingRules
from settings.aws.settings import AwsSettings
from settings.models import Settings

HEALTH_PATH = "/images/busy.gif"
"""Static, 200, makes no session; `/admin/ping.txt` would make one at every probe."""

BLOCKED_PATHS = (
    BlockedPath(path="/solr", reason="the search engine's own pages need no log-in in stock"),
    BlockedPath(path="/demosuite", reason="a demonstration application"),
    BlockedPath(
        path="/control/httpService",
        match="any-webapp",
        reason="runs exported services without a log-in",
    ),
    BlockedPath(
        path="/control/SOAPService",
        match="any-webapp",
        reason="runs exported services without a log-in",
    ),
)
"""Each is reached without a log-in on a stock node (`httpService` and `SOAPService`:
webtools/WEB-INF/controller.xml:34-46; `/solr`: applications/solr/README.txt:66-72).
"""


AWS_COOKIE_NAME = "AWSALB"
"""What an Application Load Balancer calls its cookie; it has no other name
(elasticloadbalancing/latest/application/sticky-sessions)."""


def routing_rules(settings: Settings | AwsSettings) -> RoutingRules:
    """The rules with this stack's values."""
    if isinstance(settings, AwsSettings):
        return _routing_rules_on_aws(settings)
    return RoutingRules(
        health_path=HEALTH_PATH,
        root_redirect=settings.balancer.root_redirect,
        blocked=BLOCKED_PATHS,
        cookie_name=settings.balancer.cookie_name,
        stickiness_s=settings.balancer.stickiness_s,
    )


def _routing_rules_on_aws(settings: AwsSettings) -> RoutingRules:
    balancer = settings.balancer
    return RoutingRules(
        health_path=HEALTH_PATH,
        root_redirect=balancer.root_redirect,
        blocked=BLOCKED_PATHS,
        back_office_paths=balancer.back_office_paths,
        back_office_cidrs=balancer.back_office_cidrs,
        cookie_name=AWS_COOKIE_NAME,
        stickiness_s=balancer.stickiness_s,
        health_interval_s=balancer.health_interval_s,
        healthy_threshold=balancer.healthy_threshold,
        unhealthy_threshold=balancer.unhealthy_threshold,
    )
