"""The three that obey the routing rules, each asked what becomes of a visitor's path.

HAProxy is a real one. The load balancer and the firewall are what the components register, applied
as AWS describes them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from components.aws.load_balancer import LoadBalancer, LoadBalancerArgs, WeightedTargetGroup
from components.aws.waf import Waf, WafArgs
from contract.routing import RoutingRules
from settings.aws import load_balancer as load_balancer_models
from settings.aws import waf as waf_models
from tests.components.aws.front_door import Request, balancer_answer, firewall_action
from tests.components.aws.sections import SUBNETS, VPC_ID, recorded, section, surroundings
from tests.support.recorder import Recording
from tests.templates.balanced import Balanced

HOST = "erp.example.com"
NAMES = ("HAProxy", "load balancer", "firewall")
_ARN = "arn:aws:elasticloadbalancing:eu-central-1:123456789012"


@dataclass(frozen=True, kw_only=True)
class Translators:
    """One set of rules in all three."""

    haproxy: Balanced
    load_balancer: Recording
    firewall: Recording

    def refuse(self, path: str) -> Mapping[str, bool]:
        """Which of them keep a stranger from `path`; `/` is led elsewhere, which is no refusal."""
        request = Request(path=path.partition("?")[0], host=HOST)
        return {
            "HAProxy": self.haproxy.status_of(path) in (400, 403),
            "load balancer": balancer_answer(self.load_balancer, request) == "403",
            "firewall": firewall_action(self.firewall, request) == "block",
        }


def translators(folder: Path, routing: RoutingRules) -> Translators:
    """Stop `haproxy` afterwards."""
    load_balancer = recorded(lambda: _load_balancer(routing))
    firewall = recorded(lambda: _firewall(routing))
    return Translators(
        haproxy=Balanced(folder, routing), load_balancer=load_balancer, firewall=firewall
    )


def _load_balancer(routing: RoutingRules) -> LoadBalancer:
    return LoadBalancer(
        "load-balancer",
        LoadBalancerArgs(
            surroundings=surroundings(),
            balancer=section(load_balancer_models.LoadBalancer, "balancer", host=HOST),
            routing=routing,
            release_mode="rolling",
            hosts=(HOST,),
            vpc_id=VPC_ID,
            subnet_ids=list(SUBNETS.values()),
            certificate_arn="arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d",
            target_groups=(
                WeightedTargetGroup(colour="blue", arn=f"{_ARN}:targetgroup/a/0", weight=100),
            ),
            alarms=(),
            watch_s=0,
        ),
    )


def _firewall(routing: RoutingRules) -> Waf:
    return Waf(
        "waf",
        WafArgs(
            surroundings=surroundings(),
            waf=section(waf_models.Waf, "waf"),
            routing=routing,
            load_balancer_arn=f"{_ARN}:loadbalancer/app/a/0",
            visitor_header=None,
            log_retention_days=90,
            key_arn=None,
        ),
    )
