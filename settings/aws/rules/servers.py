"""Rules of servers: their kind, their number, their memory, their times."""

from collections import Counter

from contract.faults import Fault, Location
from settings.aws import sizing
from settings.aws.catalogue import InstanceType, machine
from settings.aws.groups import active_group
from settings.aws.rules.rule import Rule
from settings.aws.servers import Schedule
from settings.aws.settings import AwsSettings
from settings.sizing import AGENT_MIB, ERP_HEAP_MIN_MIB, ERP_NATIVE_MIB
from settings.time_zones import unknown_time_zone

SLOW_START_MIN_S = 30
"""An ALB takes 0, or 30 to 900 (API reference, TargetGroupAttribute)."""

_CRON_BOUNDS = (("minute", 0, 59), ("hour", 0, 23), ("day", 1, 31), ("month", 1, 12))
"""The day of the week may be 0 to 7 or a name, and is left to AWS."""


def machines_are_of_the_architecture(settings: AwsSettings) -> list[Fault]:
    """`servers.instanceType` and `search.instanceType` are of `servers.architecture`."""
    wanted = settings.servers.architecture
    given: list[tuple[Location, InstanceType]] = [
        (("servers", "instanceType"), settings.servers.instance_type)
    ]
    if settings.search.mode == "solr":
        given.append((("search", "instanceType"), settings.search.instance_type))
    return [
        Fault(
            place=place,
            others=(("servers", "architecture"),),
            problem=f"{name} is {machine(name).architecture}, and servers.architecture is {wanted}",
            hint="Image, machine image and server must be of one architecture: families with a g "
            "behind the number are arm64, the others x86_64.",
        )
        for place, name in given
        if machine(name).architecture != wanted
    ]


def machine_image_is_pinned(settings: AwsSettings) -> list[Fault]:
    """In `prod`, `servers.ami` is set: a newer image would replace every node unasked."""
    if settings.profile != "prod" or settings.servers.ami is not None:
        return []
    return [
        Fault(
            place=("servers", "ami"),
            problem="production names no machine image, and the newest of the day would replace "
            "all nodes at an unrelated update",
            hint="Set the id of an Amazon Linux 2023 image of this region and architecture.",
        )
    ]


def sizes_are_in_order(settings: AwsSettings) -> list[Fault]:
    """`servers.min` ≤ `servers.desired` ≤ `servers.max`."""
    servers = settings.servers
    faults = []
    if servers.min > servers.max:
        faults.append(
            Fault(
                place=("servers", "min"),
                others=(("servers", "max"),),
                problem=f"min {servers.min} is more than max {servers.max}",
                hint=f"Set min to {servers.max} at most, or raise max.",
            )
        )
    elif servers.desired is not None and not servers.min <= servers.desired <= servers.max:
        faults.append(
            Fault(
                place=("servers", "desired"),
                others=(("servers", "min"), ("servers", "max")),
                problem=f"desired {servers.desired} is outside of min {servers.min} and max "
                f"{servers.max}",
                hint="Set null to begin with min.",
            )
        )
    return faults


def schedules_keep_the_bounds(settings: AwsSettings) -> list[Fault]:
    """Every schedule keeps within `servers.min` and `servers.max`, and its own sizes in order."""
    return [
        fault
        for index, schedule in enumerate(settings.servers.schedules)
        for fault in _schedule_faults(settings, schedule, ("servers", "schedules", index))
    ]


def schedules_are_clear(settings: AwsSettings) -> list[Fault]:
    """Every schedule has a name of its own, changes something, and a time that comes."""
    schedules = settings.servers.schedules
    names = Counter(schedule.name for schedule in schedules)
    faults = []
    for index, schedule in enumerate(schedules):
        place: Location = ("servers", "schedules", index)
        if names[schedule.name] > 1:
            faults.append(
                Fault(place=(*place, "name"), problem=f'"{schedule.name}" names another too')
            )
        if schedule.min is None and schedule.max is None and schedule.desired is None:
            faults.append(
                Fault(
                    place=place,
                    problem="changes nothing",
                    hint="Say min, max or desired, or take it out.",
                )
            )
        faults += _cron_faults(schedule.recurrence, (*place, "recurrence"))
        faults += unknown_time_zone(
            schedule.time_zone, (*place, "timeZone"), "Auto Scaling would refuse it"
        )
    return faults


def replacement_leaves_room(settings: AwsSettings) -> list[Fault]:
    """`servers.maxHealthyPercent` - `servers.minHealthyPercent` is from 1 to 100."""
    servers = settings.servers
    difference = servers.max_healthy_percent - servers.min_healthy_percent
    if 1 <= difference <= 100:
        return []
    return [
        Fault(
            place=("servers", "maxHealthyPercent"),
            others=(("servers", "minHealthyPercent"),),
            problem=f"maxHealthyPercent {servers.max_healthy_percent} - minHealthyPercent "
            f"{servers.min_healthy_percent} = {difference}, and Auto Scaling takes 1 to 100",
            hint="100 and 150 start a new server before an old one goes.",
        )
    ]


def memory_holds_heap(settings: AwsSettings) -> list[Fault]:
    """The server's memory holds the heap, what a JVM uses beside it, agent and system."""
    heap, server = settings.nodes.heap_mib, settings.servers.instance_type
    if heap is None:
        return []
    needed, limit = sizing.memory_needed_mib(heap), sizing.container_memory_mib(server)
    if needed <= limit:
        return []
    nominal = machine(server).mib
    beside = needed - heap - ERP_NATIVE_MIB - AGENT_MIB
    return [
        Fault(
            place=("nodes", "heapMib"),
            others=(("servers", "instanceType"),),
            problem=f"too little memory: heap {heap} + its collector {beside} + the JVM beside it "
            f"{ERP_NATIVE_MIB} + agent {AGENT_MIB} = {needed} MiB, and {server} has {nominal} - "
            f"{nominal - limit} for the system = {limit}",
            hint=f"Set nodes.heapMib to {sizing.largest_heap_mib(server)} at most (null does), or "
            "take a larger type.",
        )
    ]


def heap_suits_the_erp(settings: AwsSettings) -> list[Fault]:
    """With an image of the ERP, `nodes.heapMib` is 640 at least: the ERP does not run in less."""
    image, heap = settings.image, settings.nodes.heap_mib
    is_reference = image.existing is None and image.build is None
    if is_reference or heap is None or heap >= ERP_HEAP_MIN_MIB:
        return []
    return [
        Fault(
            place=("nodes", "heapMib"),
            others=(("image", "existing"), ("image", "build")),
            problem=f"the ERP needs a heap of {ERP_HEAP_MIN_MIB} MiB at least, and heapMib is "
            f"{heap}",
            hint=f"Leave it to null for {sizing.largest_heap_mib(settings.servers.instance_type)}.",
        )
    ]


def slow_start_is_accepted(settings: AwsSettings) -> list[Fault]:
    """`balancer.slowStartS` is 0, or 30 at least."""
    given = settings.balancer.slow_start_s
    if given == 0 or given >= SLOW_START_MIN_S:
        return []
    return [
        Fault(
            place=("balancer", "slowStartS"),
            problem=f"got {given}",
            allowed=f"0, or a whole number from {SLOW_START_MIN_S} to 900",
        )
    ]


def health_checks_end_in_time(settings: AwsSettings) -> list[Fault]:
    """`balancer.healthTimeoutS` < `balancer.healthIntervalS`."""
    balancer = settings.balancer
    if balancer.health_timeout_s < balancer.health_interval_s:
        return []
    return [
        Fault(
            place=("balancer", "healthTimeoutS"),
            others=(("balancer", "healthIntervalS"),),
            problem=f"healthTimeoutS {balancer.health_timeout_s} is not less than healthIntervalS "
            f"{balancer.health_interval_s}: a check would not end before the next",
            hint=f"Set healthTimeoutS to {balancer.health_interval_s - 1} at most.",
        )
    ]


def jvm_time_zone_exists(settings: AwsSettings) -> list[Fault]:
    """`nodes.timeZone` is one that the image's JVM knows: for others Java silently takes GMT."""
    return unknown_time_zone(
        settings.nodes.time_zone, ("nodes", "timeZone"), "a JVM would silently run in GMT"
    )


def _schedule_faults(settings: AwsSettings, schedule: Schedule, place: Location) -> list[Fault]:
    """Bounds are those of the active colour, whose group the schedule changes."""
    group = active_group(settings)
    if group is None:
        return []
    bounds: tuple[Location, ...] = (("servers", "min"), ("servers", "max"))
    faults = [
        Fault(
            place=(*place, key),
            others=bounds,
            problem=f'{key} {size} of "{schedule.name}" is outside of min {group.min} and max '
            f"{group.max}",
            hint="The database's connections are counted for max servers; raise it there.",
        )
        for key, size in (
            ("min", schedule.min),
            ("max", schedule.max),
            ("desired", schedule.desired),
        )
        if size is not None and not group.min <= size <= group.max
    ]
    least = group.min if schedule.min is None else schedule.min
    most = group.max if schedule.max is None else schedule.max
    desired = least if schedule.desired is None else schedule.desired
    if not faults and not least <= desired <= most:
        faults.append(
            Fault(
                place=place,
                others=bounds,
                problem=f'the sizes of "{schedule.name}" are not in order: min {least}, desired '
                f"{desired}, max {most}",
            )
        )
    return faults


def _cron_faults(recurrence: str, place: Location) -> list[Fault]:
    """Numbers out of range; names and steps are left to AWS."""
    faults = []
    for field, (name, least, most) in zip(recurrence.split(), _CRON_BOUNDS, strict=False):
        numbers = field.partition("/")[0].replace("-", ",").split(",")
        wrong = [one for one in numbers if one.isdigit() and not least <= int(one) <= most]
        faults += [
            Fault(
                place=place,
                problem=f'"{recurrence}" has the {name} {number}; it is from {least} to {most}',
            )
            for number in wrong
        ]
    return faults


RULES: tuple[Rule, ...] = (
    machines_are_of_the_architecture,
    machine_image_is_pinned,
    sizes_are_in_order,
    schedules_keep_the_bounds,
    schedules_are_clear,
    replacement_leaves_room,
    memory_holds_heap,
    heap_suits_the_erp,
    slow_start_is_accepted,
    health_checks_end_in_time,
    jvm_time_zone_exists,
)
