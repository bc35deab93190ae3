"""Rules between keys: each a function from settings to the faults it found.

The first line of a rule's docstring is the rule, as docs/settings.md prints it.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence

from contract.faults import Fault, Location
from contract.names import INSTANCE_ID_MAX_LENGTH
from contract.request_threads import pool_needed
from settings import mail, maintenance, pool_rules, release_rules, sizing
from settings.models import Settings
from settings.node_groups import node_groups, nodes_at_most
from settings.time_zones import unknown_time_zone

Rule = Callable[[Settings], list[Fault]]

SESSION_COOKIE = "JSESSIONID"


def instance_ids_match_count(settings: Settings) -> list[Fault]:
    """`nodes.instanceIds`, when given, names `nodes.count` nodes, or `release.blue.count`."""
    nodes, blue = settings.nodes, settings.release.blue
    if nodes.instance_ids is None:
        return []
    if blue is not None and blue.count is not None:
        return _ids_of_blue(nodes.instance_ids, blue.count)
    if len(nodes.instance_ids) == nodes.count:
        return []
    return [
        Fault(
            place=("nodes", "instanceIds"),
            others=(("nodes", "count"),),
            problem=f"names {len(nodes.instance_ids)} nodes, and nodes.count is {nodes.count}",
            hint="Name as many as there are, or set null to number them from instanceIdPrefix.",
        )
    ]


def _ids_of_blue(ids: Sequence[str], count: int) -> list[Fault]:
    if len(ids) == count:
        return []
    return [
        Fault(
            place=("nodes", "instanceIds"),
            others=(("release", "blue", "count"),),
            problem=f"names {len(ids)} nodes, and release.blue.count is {count}",
            hint="Name as many as there are, or set null to number them from instanceIdPrefix.",
        )
    ]


def green_ids_are_its_own(settings: Settings) -> list[Fault]:
    """None of `nodes.instanceIds` is a name of a green node; case does not tell them apart."""
    green = {
        instance_id.casefold()
        for group in node_groups(settings)
        if group.colour == "green"
        for instance_id in group.instance_ids
    }
    return [
        Fault(
            place=("nodes", "instanceIds", index),
            others=(("release", "green"),),
            problem=f'"{instance_id}" is the name of a green node too',
            hint="Green nodes are named by instanceIdPrefix: change one of them.",
        )
        for index, instance_id in enumerate(settings.nodes.instance_ids or ())
        if instance_id.casefold() in green
    ]


def instance_ids_are_unique(settings: Settings) -> list[Fault]:
    """No two nodes have the same instance id; case does not tell them apart."""
    places = defaultdict(list)
    for index, instance_id in enumerate(settings.nodes.instance_ids or ()):
        places[instance_id.casefold()].append(index)
    return [
        Fault(
            place=("nodes", "instanceIds", repeated[1]),
            others=(("nodes", "instanceIds", repeated[0]),),
            problem=f'"{sizing.instance_ids(settings.nodes)[repeated[1]]}" names another node too',
            hint="Two nodes of one id would take each other's running jobs for crashed.",
        )
        for repeated in places.values()
        if len(repeated) > 1
    ]


def instance_ids_are_short_enough(settings: Settings) -> list[Fault]:
    """The longest id made from `nodes.instanceIdPrefix`, green's too, has 20 characters at most."""
    nodes = settings.nodes
    numbered = [
        group.instance_ids[-1]
        for group in node_groups(settings)
        if group.colour == "green" or nodes.instance_ids is None
    ]
    longest = max(numbered, key=len, default="")
    excess = len(longest) - INSTANCE_ID_MAX_LENGTH
    if excess <= 0:
        return []
    prefix = len(nodes.instance_id_prefix)
    return [
        Fault(
            place=("nodes", "instanceIdPrefix"),
            others=(("nodes", "count"),),
            problem=f'makes the instance id "{longest}": prefix {prefix} + number '
            f"{len(longest) - prefix} = {len(longest)} characters, and the ERP's limit is "
            f"{INSTANCE_ID_MAX_LENGTH}",
            hint=f"Shorten the prefix to {prefix - excess} characters.",
        )
    ]


def connections_suffice(settings: Settings) -> list[Fault]:
    """(nodes of both colours + surge) × (poolMax + 1) + reserve ≤ maxConnections - 3."""
    # One more than the pool is the agent's own; three are kept for superusers.
    nodes, database = settings.nodes, settings.database
    total = nodes_at_most(settings)
    needed = sizing.connections_needed(total, database)
    available = sizing.connections_available(database)
    if needed <= available:
        return []
    raise_to = needed + sizing.SUPERUSER_RESERVED_CONNECTIONS
    pool = sizing.largest_pool(total, database)
    lower = (
        f" or lower database.poolMax to {pool} at most"
        if pool >= pool_needed(job_threads=nodes.job_threads)
        else ""
    )
    groups = node_groups(settings)
    colours: list[Location] = [("release", group.colour) for group in groups[1:]]
    counts = f"count {nodes.count}"
    if len(groups) > 1:
        counts = " + ".join(f"{group.colour} {len(group.instance_ids)}" for group in groups)
    if settings.search.enabled:
        counts += " + search 1"
    return [
        Fault(
            place=("database", "maxConnections"),
            others=(
                ("database", "poolMax"),
                ("database", "reserve"),
                ("nodes", "count"),
                ("nodes", "surge"),
                *colours,
            ),
            problem=f"too few database connections: {total} nodes ({counts} + surge "
            f"{nodes.surge}) × (poolMax {database.pool_max} + 1 for the agent) + reserve "
            f"{database.reserve} = {needed}, and maxConnections {database.max_connections} - "
            f"{sizing.SUPERUSER_RESERVED_CONNECTIONS} kept for superusers = {available}",
            hint=f"Raise database.maxConnections to {raise_to}{lower}.",
        )
    ]


def memory_holds_heap(settings: Settings) -> list[Fault]:
    """`nodes.memoryMib` holds the heap, what a JVM uses beside it, and the agent."""
    nodes, app = settings.nodes, settings.app
    needed = sizing.memory_needed_mib(app, nodes)
    if nodes.memory_mib >= needed or heap_suits_the_erp(settings):
        return []
    return [
        Fault(
            place=("nodes", "memoryMib"),
            others=(("nodes", "heapMib"), ("app", "image")),
            problem=f"too little memory: heap {nodes.heap_mib} + the JVM beside it "
            f"{sizing.native_mib(app)} + agent {sizing.AGENT_MIB} = {needed} MiB, and memoryMib "
            f"is {nodes.memory_mib}; the kernel would kill the node when its heap fills",
            hint=f"Raise nodes.memoryMib to {needed} or lower nodes.heapMib.",
        )
    ]


def one_source_of_the_erp(settings: Settings) -> list[Fault]:
    """`app.image` and `app.home` are not both set: only one of them can run."""
    app = settings.app
    if app.image is None or app.home is None:
        return []
    return [
        Fault(
            place=("app", "home"),
            others=(("app", "image"),),
            problem=f"a tree {app.home} and an image {app.image}: only one of them can run",
            hint="Set app.image to null to build the tree, or app.home to null to run the image.",
        )
    ]


def heap_suits_the_erp(settings: Settings) -> list[Fault]:
    """With the ERP (`app.image` or `app.home`), `nodes.heapMib` is 640 at least."""
    nodes = settings.nodes
    if not settings.app.runs_the_erp or nodes.heap_mib >= sizing.ERP_HEAP_MIN_MIB:
        return []
    return [
        Fault(
            place=("nodes", "heapMib"),
            others=(("app", "image"),),
            problem=f"the ERP needs a heap of {sizing.ERP_HEAP_MIN_MIB} MiB at least, and heapMib "
            f"is {nodes.heap_mib}",
            hint="A practical start is heapMib 1024 with memoryMib "
            f"{1024 + sizing.native_mib(settings.app) + sizing.AGENT_MIB}.",
        )
    ]


def search_runs_in_the_erp(settings: Settings) -> list[Fault]:
    """With `search.enabled` the nodes run the ERP, and no node is named like the search node."""
    if not settings.search.enabled:
        return []
    if not settings.app.runs_the_erp:
        return [
            Fault(
                place=("search", "enabled"),
                others=(("app", "image"), ("app", "home")),
                problem="the reference node has no Solr",
                hint="Set app.home to your built Scipio tree, or search.enabled to false.",
            )
        ]
    return [
        Fault(
            place=("nodes", "instanceIds", index),
            others=(("search", "enabled"),),
            problem=f'"{name}" is the instance id of the search node',
            hint="Give this node another one.",
        )
        for index, name in enumerate(settings.nodes.instance_ids or ())
        if name.casefold() == sizing.SEARCH_INSTANCE_ID
    ]


def search_memory_holds_heap(settings: Settings) -> list[Fault]:
    """`search.memoryMib` holds a heap of 640 MiB at least, the JVM beside it, and the agent."""
    search = settings.search
    heap_mib = max(search.heap_mib, sizing.ERP_HEAP_MIN_MIB)
    needed = heap_mib + sizing.ERP_NATIVE_MIB + sizing.AGENT_MIB
    if not search.enabled or (search.heap_mib == heap_mib and search.memory_mib >= needed):
        return []
    return [
        Fault(
            place=("search", "memoryMib"),
            others=(("search", "heapMib"),),
            problem=f"too little memory for the ERP: heapMib is {search.heap_mib}, memoryMib "
            f"{search.memory_mib}, and heap {heap_mib} + the JVM beside it "
            f"{sizing.ERP_NATIVE_MIB} + agent {sizing.AGENT_MIB} = {needed} MiB",
            hint=f"Set search.heapMib to {heap_mib} and search.memoryMib to {needed}.",
        )
    ]


def published_ports_differ(settings: Settings) -> list[Fault]:
    """The three ports of the balancer are three different ports."""
    balancer = settings.balancer
    users: dict[int, list[str]] = defaultdict(list)
    users[balancer.https_port].append("httpsPort")
    users[balancer.http_port].append("httpPort")
    users[balancer.statistics_port].append("statisticsPort")
    return [
        Fault(
            place=("balancer", keys[0]),
            others=tuple(("balancer", key) for key in keys[1:]),
            problem=f"{' and '.join(keys)} are both {port}"
            if len(keys) == 2
            else f"{', '.join(keys)} are all {port}",
            hint="Give each a port of its own.",
        )
        for port, keys in users.items()
        if len(keys) > 1
    ]


def balancer_has_its_own_cookie(settings: Settings) -> list[Fault]:
    """`balancer.cookieName` is not `JSESSIONID`, the ERP's own session cookie."""
    if settings.balancer.cookie_name != SESSION_COOKIE:
        return []
    return [
        Fault(
            place=("balancer", "cookieName"),
            problem=f'"{SESSION_COOKIE}" is the ERP\'s own session cookie',
            hint="Take another name, so that neither overwrites the other.",
        )
    ]


def time_zone_exists(settings: Settings) -> list[Fault]:
    """`nodes.timeZone` is one that the image's JVM knows: for others Java silently takes GMT."""
    return unknown_time_zone(
        settings.nodes.time_zone, ("nodes", "timeZone"), "a JVM would silently run in GMT"
    )


def colours_of_the_erp_have_their_images(settings: Settings) -> list[Fault]:
    """With the ERP and two colours, each names its image: else both would change together."""
    if not settings.app.runs_the_erp:
        return []
    return release_rules.two_colours_have_their_images(settings)


def maintenance_is_a_page(settings: Settings) -> list[Fault]:
    """The page of `balancer.maintenance` has 1024 bytes at most, and its addresses exist."""
    return maintenance.unusable(settings.balancer.maintenance)


def mail_has_a_relay(settings: Settings) -> list[Fault]:
    """`mail.fromAddress` and `mail.redirectTo` go with `mail.relayHost`."""
    return mail.without_a_relay(settings.mail)


RULES: tuple[Rule, ...] = (
    maintenance_is_a_page,
    mail_has_a_relay,
    instance_ids_match_count,
    instance_ids_are_unique,
    green_ids_are_its_own,
    instance_ids_are_short_enough,
    connections_suffice,
    pool_rules.pool_bounds_are_in_order,
    pool_rules.pool_feeds_the_threads,
    memory_holds_heap,
    one_source_of_the_erp,
    heap_suits_the_erp,
    search_runs_in_the_erp,
    search_memory_holds_heap,
    published_ports_differ,
    balancer_has_its_own_cookie,
    time_zone_exists,
    release_rules.active_colour_exists,
    release_rules.rolling_has_one_colour,
    release_rules.colours_empty_over_night,
    colours_of_the_erp_have_their_images,
)


def broken_rules(settings: Settings) -> list[Fault]:
    """The faults of every rule, places without a prefix."""
    return [fault for rule in RULES for fault in rule(settings)]
