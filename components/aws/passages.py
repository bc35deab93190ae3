"""Who may open a connection to whom: the whole list of the cluster, to be read at one place."""

from dataclasses import dataclass
from typing import Final

import pulumi

from components.aws import broker, database, files
from components.aws.security_rules import Passage, allow
from components.aws.surroundings import AwsSurroundings

HTTPS_PORT: Final = 443


@dataclass(frozen=True, kw_only=True)
class SearchEnds:
    """The search server and the balancer before it; `port` is the same on both."""

    balancer: pulumi.Input[str]
    server: pulumi.Input[str]
    port: int


@dataclass(frozen=True, kw_only=True)
class PassagesArgs:
    """Security groups by what is in them.

    `endpoints` is None for a network without private ways to AWS, `search` where there is none.
    `node_port` is where the nodes answer visitors, `health_port` where they answer health checks.
    """

    surroundings: AwsSurroundings
    balancer: pulumi.Input[str]
    app: pulumi.Input[str]
    database: pulumi.Input[str]
    broker: pulumi.Input[str]
    files: pulumi.Input[str]
    endpoints: pulumi.Input[str] | None
    search: SearchEnds | None
    node_port: int
    health_port: int
    console: bool
    """Whether servers may reach the broker's web console."""


class Passages(pulumi.ComponentResource):
    """Every connection inside the cluster that is allowed; whoever waits for it finds them open."""

    def __init__(
        self, name: str, args: PassagesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:aws:Passages", name, None, opts)
        for ends, passage in _allowed(args).items():
            allow(args.surroundings.named(ends), passage, pulumi.ResourceOptions(parent=self))
        self.register_outputs({})


def _allowed(args: PassagesArgs) -> dict[str, Passage]:
    """Logical name, which says both ends → the passage."""
    app = args.app
    allowed = {
        "balancer-to-app": _to(app, args.node_port, "Visitors", source=args.balancer),
        "balancer-to-app-health": _to(app, args.health_port, "Health checks", source=args.balancer),
        "app-to-database": _to(args.database, database.PORT, "Rows", source=app),
        "app-to-broker": _to(args.broker, broker.PORT, "Cache clears", source=app),
        "app-to-files": _to(args.files, files.PORT, "Uploads and images", source=app),
    }
    if args.console:
        allowed["app-to-console"] = _to(
            args.broker, broker.CONSOLE_PORT, "Operators, through a server", source=app
        )
    if args.endpoints is not None:
        allowed["app-to-aws"] = _to(args.endpoints, HTTPS_PORT, "Services of AWS", source=app)
    return allowed if args.search is None else allowed | _for_search(args, args.search)


def _for_search(args: PassagesArgs, search: SearchEnds) -> dict[str, Passage]:
    server = search.server
    allowed = {
        "app-to-search": _to(search.balancer, search.port, "Searches and updates", source=args.app),
        "search-to-database": _to(args.database, database.PORT, "Rows to index", source=server),
        "search-to-broker": _to(args.broker, broker.PORT, "Cache clears", source=server),
    }
    if args.endpoints is not None:
        allowed["search-to-aws"] = _to(args.endpoints, HTTPS_PORT, "Services of AWS", source=server)
    return allowed


def _to(target: pulumi.Input[str], port: int, reason: str, *, source: pulumi.Input[str]) -> Passage:
    return Passage(source_group_id=source, target_group_id=target, port=port, reason=reason)
