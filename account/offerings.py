"""Whether the zones offer what the stack asks for: servers, database and broker, by version."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from account.finding import Finding, fits, lacks, mind
from account.session import Aws
from settings.aws.mq_messaging import MqMessaging
from settings.aws.settings import AwsSettings

_ENGINE: Final = "postgres"
_MODES: Final = {"single": "SINGLE_INSTANCE", "active-standby": "ACTIVE_STANDBY_MULTI_AZ"}


def zone_finding(aws: Aws, settings: AwsSettings) -> Finding:
    """Whether the account may use every zone of the stack."""
    zones = aws.ask_all("ec2", "describe_availability_zones", "AvailabilityZones")
    usable = sorted(each["ZoneName"] for each in zones if each.get("State") == "available")
    missing = [each for each in settings.network.zones if each not in usable]
    if missing:
        return lacks(
            "Zones",
            f"{', '.join(missing)}: not to be had; there are {', '.join(usable)}",
            "Name others in network.zones: an account sees its own choice of a region's zones.",
        )
    return fits("Zones", f"{', '.join(settings.network.zones)} of {len(usable)}")


def server_findings(aws: Aws, settings: AwsSettings) -> Iterator[Finding]:
    """Whether each zone offers the types of servers."""
    wanted = {settings.servers.instance_type: "servers.instanceType"}
    if settings.search.mode == "solr":
        wanted.setdefault(settings.search.instance_type, "search.instanceType")
    for type_, key in wanted.items():
        offered = aws.ask_all(
            "ec2",
            "describe_instance_type_offerings",
            "InstanceTypeOfferings",
            LocationType="availability-zone",
            Filters=[{"Name": "instance-type", "Values": [type_]}],
        )
        zones = {each["Location"] for each in offered}
        missing = [each for each in settings.network.zones if each not in zones]
        subject = f"Server type {type_}"
        if not missing:
            yield fits(subject, "offered in every zone of the stack")
        else:
            elsewhere = ", ".join(sorted(zones)) or "no zone of the region"
            yield lacks(
                subject,
                f"not offered in {', '.join(missing)}; offered in {elsewhere}",
                f"Choose another {key}, or other network.zones.",
            )


def database_findings(aws: Aws, settings: AwsSettings) -> Iterator[Finding]:
    """Whether RDS still makes databases of that version, and of that class in two zones."""
    database = settings.database
    version = database.engine_version
    subject = f"PostgreSQL {version}"
    offered = aws.ask_all("rds", "describe_db_engine_versions", "DBEngineVersions", Engine=_ENGINE)
    versions = [each for each in offered if _major(each) == version]
    majors = ", ".join(sorted({_major(each) for each in offered}, key=int))
    if not versions:
        yield lacks(subject, f"RDS makes {majors}", "Set database.engineVersion to one of them.")
        return
    newest = str(versions[-1]["EngineVersion"])
    if all(each.get("Status") == "deprecated" for each in versions):
        yield mind(
            subject,
            f"{newest}, and all of its versions are deprecated",
            f"Begin with another database.engineVersion; RDS makes {majors}.",
        )
    else:
        yield fits(subject, f"{newest} is the newest of {len(versions)}")
    yield _class_finding(aws, settings, newest)


def _major(offered: Mapping[str, Any]) -> str:
    return str(offered["EngineVersion"]).partition(".")[0]


def _class_finding(aws: Aws, settings: AwsSettings, version: str) -> Finding:
    database = settings.database
    subject = f"Database class {database.instance_class}"
    options = aws.ask_all(
        "rds",
        "describe_orderable_db_instance_options",
        "OrderableDBInstanceOptions",
        Engine=_ENGINE,
        EngineVersion=version,
        DBInstanceClass=database.instance_class,
    )
    suitable = [
        each
        for each in options
        if each.get("StorageType") in {"gp3", None}
        and (each.get("MultiAZCapable", True) or not database.multi_az)
    ]
    zones = {str(zone["Name"]) for each in suitable for zone in each.get("AvailabilityZones", ())}
    there = [each for each in settings.network.zones if each in zones]
    needed = 2 if database.multi_az else 1
    if len(there) >= needed:
        return fits(subject, f"for PostgreSQL {version} in {', '.join(there)}")
    return lacks(
        subject,
        f"for PostgreSQL {version} in {', '.join(there) or 'none'} of the stack's zones; "
        f"{needed} needed",
        "Choose another database.instanceClass, or other network.zones.",
    )


def broker_finding(aws: Aws, settings: AwsSettings) -> Finding:
    """Whether Amazon MQ still makes brokers of that version, size and deployment."""
    messaging = settings.messaging
    subject = f"ActiveMQ {messaging.engine_version} on {messaging.instance_type}"
    options = aws.ask_all(
        "mq",
        "describe_broker_instance_options",
        "BrokerInstanceOptions",
        EngineType="ACTIVEMQ",
        HostInstanceType=messaging.instance_type,
    )
    if not options:
        return lacks(subject, "no such size", "Choose another messaging.instanceType.")
    suitable = [each for each in options if _is_offered(each, messaging, settings.network.zones)]
    versions = sorted(
        {str(each) for option in suitable for each in option.get("SupportedEngineVersions", ())},
        key=lambda text: [int(part) for part in text.split(".")],
    )
    if messaging.engine_version not in versions:
        return lacks(
            subject,
            f"as {messaging.deployment} there is {', '.join(versions) or 'none in these zones'}",
            "Set messaging.engineVersion to one of them; Amazon MQ takes no new brokers of a "
            "version 30 days before its end.",
        )
    if messaging.engine_version != versions[-1]:
        return mind(
            subject,
            f"offered; {versions[-1]} is newer",
            f"A new cluster begins better with messaging.engineVersion {versions[-1]}.",
        )
    return fits(subject, "the newest that is offered")


def _is_offered(option: Mapping[str, Any], messaging: MqMessaging, zones: tuple[str, ...]) -> bool:
    """Whether the option is of the deployment, and in as many zones as that takes."""
    modes = option.get("SupportedDeploymentModes") or ()
    listed = option.get("AvailabilityZones") or ()
    there = {str(each["Name"]) for each in listed} & set(zones)
    needed = 1 if messaging.deployment == "single" else 2
    return _MODES[messaging.deployment] in modes and (not listed or len(there) >= needed)
