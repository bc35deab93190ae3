"""Every key of a stack on AWS reaches a resource: one that nobody reads is a promise nobody keeps.

The keys come from the models, so that a new one without an effect is found here.
"""

import gc
import types
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

import pytest

from settings.aws.settings import AwsSettings
from settings.profiles import defaults
from settings.section import Section
from settings.sections import laid_over
from tests.components.aws.stacks import configuration, record_aws
from tests.components.normal_form import normal_form
from tests.support.aws_settings import IMAGE, OTHER_IMAGE
from tests.support.recorder import Recording

pytestmark = pytest.mark.exhaustive

CERTIFICATE = "arn:aws:acm:eu-central-1:123456789012:certificate/other"
EDGE_CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/edge"
TOPIC = "arn:aws:sns:eu-central-1:123456789012:on-duty"

WITHOUT_EFFECT: Final[Mapping[str, str]] = {
    "profile": "names the table of defaults, of which every key is tried by itself",
    "platform": "has one value",
    "network.existing": "tried in test_platform: it takes a whole network's answers",
    "dns.zone.name": "what the names of the stack are checked against",
    "database.reserve": "part of the connection budget, which is checked before",
}
"""Keys that change no resource, and why."""

SMALL: Final[Mapping[str, Any]] = {
    "image": {"existing": IMAGE},
    "servers": {"ami": "ami-0123456789abcdef0"},
}
COLOURS: Final = {
    "mode": "bluegreen",
    "blue": {"image": IMAGE},
    "green": {"image": OTHER_IMAGE},
}
ALARMS: Final = {"alarms": True, "alarmEmails": ["operations@example.com"]}
BACKUP: Final = {"enabled": True}
SCHEDULE: Final = {"name": "night", "recurrence": "0 22 * * *", "timeZone": "UTC", "min": 1}

CONTEXT: Final[Mapping[str, Mapping[str, Any]]] = {
    "balancer.accessLogRetentionDays": {"balancer": {"accessLogs": True}},
    "waf": {"waf": {"enabled": True, "logging": True}},
    "waf.enabled": {},
    "cdn": {"cdn": {"enabled": True}, "balancer": {"idleTimeoutS": 60}},
    "cdn.enabled": {"balancer": {"idleTimeoutS": 60}},
    "image": {"image": {"existing": None}},
    "image.existing": {},
    "servers.minHealthyPercent": {"servers": {"maxHealthyPercent": 150}},
    "servers.scaleIn": {"servers": {"cpuTargetPercent": 60}},
    "release.active": {"release": COLOURS},
    "release.mode": {},
    "release.ignoreAlarms": {"monitoring": ALARMS},
    "release.canaryPercent": {"release": COLOURS},
    "release.watchS": {"release": {"mode": "bluegreen"}},
    "release.blue": {"release": COLOURS},
    "release.green": {"release": {"mode": "bluegreen", "blue": {"image": IMAGE}}},
    "search": {"search": {"mode": "solr"}},
    "search.mode": {},
    "monitoring": {"monitoring": ALARMS},
    "monitoring.alarms": {},
    "mail": {"mail": {"relayHost": "smtp.example.com"}},
    "mail.relayHost": {},
    "backup": {"backup": BACKUP},
    "backup.enabled": {},
    "image.replicate": {"backup": {"enabled": True, "copyRegion": "eu-west-1"}},
    "backup.copyRetentionDays": {"backup": {"enabled": True, "copyRegion": "eu-west-1"}},
}
"""What else has to be on for a key to have an effect: by the key, or by its section."""

OTHER: Final[Mapping[str, Any]] = {
    "aws.region": {
        "aws": {"region": "eu-west-1"},
        "network": {"zones": ["eu-west-1a", "eu-west-1b"]},
    },
    "aws.allowedAccountIds": ["210987654321"],
    "aws.name": "other",
    "aws.costCentre": "erp",
    "aws.tags": {"Team": "erp"},
    "network.zones": ["eu-central-1a", "eu-central-1c"],
    "network.nat": "per-zone",
    "network.s3Buckets": ["partner-invoices"],
    "network.cidr": "10.43.0.0/16",
    "dns.zone": {"dns": {"zone": None, "certificateArn": CERTIFICATE}},
    "dns.zone.id": {"dns": {"zone": {"id": "Z9999999999", "name": "example.com"}}},
    "dns.certificateArn": CERTIFICATE,
    "dns.alternativeNames": ["shop.example.com"],
    "balancer.host": "other.example.com",
    "balancer.maintenance": {"text": "We are back at 18:00."},
    "balancer.rootRedirect": "/webtools/control/main",
    "balancer.allowedCidrs": ["203.0.113.0/24"],
    "balancer.backOfficeCidrs": ["203.0.113.0/24"],
    "balancer.publicPaths": ["/store"],
    "balancer.blockedPaths": ["/solr"],
    "balancer.viewPaths": ["/authview"],
    "balancer.slowStartS": 30,
    "waf.uploadPaths": ["/webtools/control"],
    "cdn.staticPaths": ["/images", "/static"],
    "cdn.certificateArn": EDGE_CERTIFICATE,
    "image.existing": OTHER_IMAGE,
    "image.build": {"context": ".", "dockerfile": "image/node/Dockerfile", "target": "agent"},
    "servers.ami": "ami-0123456789abcdef1",
    "servers.architecture": {"servers": {"architecture": "arm64", "instanceType": "t4g.medium"}},
    "servers.instanceType": "t3.large",
    "servers.min": 2,
    "servers.max": 3,
    "servers.desired": 2,
    "servers.minHealthyPercent": 60,
    "servers.maxHealthyPercent": 150,
    "servers.cpuTargetPercent": 60,
    "servers.schedules": [SCHEDULE],
    "nodes.heapMib": 1152,
    "nodes.timeZone": "Europe/Berlin",
    "nodes.locale": "de_DE",
    "release.active": "green",
    "release.blue": {"release": {"blue": {"image": IMAGE, "max": 1}}},
    "release.green": {"release": {"green": {"image": OTHER_IMAGE}}},
    "release.mode": {"release": COLOURS},
    "database.instanceClass": "db.t4g.large",
    "database.maxStorageGib": 60,
    "database.maxConnections": 200,
    "database.backupWindow": "05:00-06:00",
    "database.maintenanceWindow": "sat:05:30-sat:06:30",
    "database.upgradeTo": "17",
    "database.restore": {"kind": "snapshot", "snapshot": "before"},
    "messaging.topic": "OtherTopic",
    "messaging.pendingMessages": 5_000,
    "messaging.deployment": {
        "messaging": {"deployment": "active-standby", "instanceType": "mq.m5.large"}
    },
    "messaging.instanceType": "mq.m5.large",
    "messaging.maintenanceWindow": {"day": "MONDAY", "time": "04:00", "timeZone": "UTC"},
    "messaging.appUser": "other",
    "messaging.operatorUser": "another",
    "files.path": "/srv/other",
    "files.dailyBackup": True,
    "files.existing": {"fileSystem": "fs-0123456789abcdef0", "folder": "/restored"},
    "search.mode": "solr",
    "search.instanceType": "t3.large",
    "search.heapMib": 640,
    "secrets.recoveryDays": 14,
    "monitoring.alarms": {"monitoring": ALARMS},
    "monitoring.alarmEmails": ["others@example.com"],
    "monitoring.alarmTopicArn": TOPIC,
    "monitoring.monthlyBudgetUsd": 100,
    "backup.schedule": "cron(0 21 * * ? *)",
    "backup.copyRegion": "eu-west-1",
    "backup.restoreTest": "cron(0 6 15 * ? *)",
    "cacheClear.entityExpireS": 60,
    "mail.relayHost": "smtp.example.com",
    "mail.fromAddress": "erp@example.com",
    "mail.redirectTo": "trial@example.com",
    "seed.readers": ["seed"],
}
"""Another value where none follows from the type; a mapping of sections changes several keys."""


def keys(model: type[Section], path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Every key with its type; sections that are always there are gone into."""
    for info in model.model_fields.values():
        here = (*path, str(info.alias))
        if isinstance(info.annotation, type) and issubclass(info.annotation, Section):
            if here == ("messaging", "maintenanceWindow"):
                yield ".".join(here), info.annotation
            else:
                yield from keys(info.annotation, here)
        else:
            annotation = Annotated[(info.annotation, *info.metadata)] if info.metadata else None
            yield ".".join(here), annotation or info.annotation


KEYS: Final = dict(keys(AwsSettings))


def another(annotation: Any, current: Any) -> Any:
    """A value of the type that is not the current one. Raises `LookupError` where none follows."""
    origin, given = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return another(given[0], current)
    if origin in (Union, types.UnionType):
        return another(next(each for each in given if each is not type(None)), current)
    if origin is Literal:
        return next(value for value in given if value != current)
    if annotation is bool:
        return not current
    if annotation is int:
        return (current or 0) + 1
    raise LookupError(f"no other value follows from {annotation}: name one in OTHER")


def context(key: str) -> Mapping[str, Any]:
    """The stack in which the key has an effect."""
    return laid_over(SMALL, CONTEXT.get(key, CONTEXT.get(key.partition(".")[0], {})))


def change(key: str, base: Mapping[str, Any]) -> Mapping[str, Any]:
    section, _, field = key.partition(".")
    if key not in OTHER:
        current = _default(section, field, base)
        return {section: {field: another(KEYS[key], current)}}
    other = OTHER[key]
    if isinstance(other, Mapping) and other.keys() <= AwsSettings.model_fields.keys():
        return other
    return {section: {field: other}}


def _default(section: str, field: str, base: Mapping[str, Any]) -> Any:
    whole = laid_over(laid_over(defaults("dev"), configuration("dev")), base)
    return whole[section][field]


@pytest.fixture(scope="module", autouse=True)
def collector_at_rest() -> Iterator[None]:
    """What is loaded by now stays: the garbage collector need not look at it hundreds of times."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


_RECORDED: Final[dict[str, dict[str, Any]]] = {}


def told_before(base: Mapping[str, Any]) -> dict[str, Any]:
    """What the stack registers without the change; many keys share it."""
    name = repr(base)
    if name not in _RECORDED:
        _RECORDED[name] = everything_told(record_aws("dev", base))
    return _RECORDED[name]


def everything_told(recording: Recording) -> dict[str, Any]:
    options = {each.urn: (each.protect, each.retain_on_delete) for each in recording}
    return {urn: (inputs, options[urn]) for urn, inputs in normal_form(recording).items()}


def test_keys_without_an_effect_are_keys() -> None:
    below = {"dns.zone.name"}

    assert WITHOUT_EFFECT.keys() - below <= KEYS.keys()
    assert OTHER.keys() - {"dns.zone.id"} <= KEYS.keys()


@pytest.mark.parametrize("key", sorted((KEYS.keys() | {"dns.zone.id"}) - WITHOUT_EFFECT.keys()))
def test_another_value_is_another_recording(key: str) -> None:
    base = context(key)
    after = record_aws("dev", laid_over(base, change(key, base)))

    assert told_before(base) != everything_told(after)
