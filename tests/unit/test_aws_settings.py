"""Stacks on AWS: what the profiles make of little, and what is said to a person who errs."""

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from settings.aws.rules import broken_rules
from settings.aws.settings import AwsProfile, AwsSettings
from settings.errors import SettingsError
from settings.load import load
from settings.platforms import AnySettings, section_keys, section_names
from tests.support.aws_settings import BASE, aws_config, aws_faults, aws_settings

PROFILES: tuple[AwsProfile, ...] = ("dev", "staging", "prod")


@pytest.mark.parametrize("profile", PROFILES)
def test_a_profile_and_what_only_the_person_knows_are_a_whole_stack(profile: AwsProfile) -> None:
    stack = aws_settings(profile)
    assert (stack.profile, stack.platform) == (profile, "aws")
    assert broken_rules(stack) == []


@pytest.mark.parametrize("profile", ["dev", "staging"])
def test_outside_of_production_no_machine_image_and_no_address_is_asked_for(
    profile: AwsProfile,
) -> None:
    needed = {key: BASE[key] for key in ("aws", "network", "dns", "balancer")}
    assert load({"profile": profile, **needed}, where="stack x").profile == profile


def test_development_turns_off_what_costs_by_the_hour() -> None:
    dev = aws_settings("dev")
    assert (dev.network.nat, dev.messaging.deployment) == ("one", "single")
    assert not any(
        [
            dev.aws.protection,
            dev.database.multi_az,
            dev.waf.enabled,
            dev.cdn.enabled,
            dev.balancer.access_logs,
            dev.network.flow_logs,
            dev.network.interface_endpoints,
            dev.monitoring.alarms,
            dev.monitoring.dashboard,
            dev.backup.enabled,
            dev.search.mode == "solr",
            dev.secrets.kms_key == "own",
            dev.servers.detailed_monitoring,
            dev.database.performance_insights,
            dev.database.final_snapshot,
        ]
    )


def test_production_is_careful_unless_it_says_otherwise() -> None:
    prod = aws_settings("prod")
    assert (prod.network.nat, prod.messaging.deployment) == ("per-zone", "active-standby")
    assert all(
        [
            prod.aws.protection,
            prod.database.multi_az,
            prod.database.final_snapshot,
            prod.waf.enabled,
            prod.balancer.access_logs,
            prod.network.flow_logs,
            prod.monitoring.alarms,
            prod.backup.enabled,
            prod.secrets.kms_key == "own",
        ]
    )
    assert prod.servers.min_healthy_percent == 100
    assert prod.secrets.recovery_days == 30


def test_what_protects_data_can_be_turned_off_by_its_name_alone() -> None:
    prod = aws_settings(aws={"protection": False}, database={"finalSnapshot": False})
    assert (prod.aws.protection, prod.database.final_snapshot) == (False, False)


def test_what_only_the_person_knows_is_asked_for_together() -> None:
    with pytest.raises(SettingsError) as caught:
        load({"scipio:profile": "dev"}, where="stack x")
    assert [fault.path for fault in caught.value.faults] == [
        "scipio:aws.region",
        "scipio:aws.allowedAccountIds",
        "scipio:network.zones",
        "scipio:balancer.host",
        "scipio:dns.certificateArn",
    ]
    assert str(caught.value.faults[0]) == (
        'scipio:aws.region: missing; must be an AWS region, for example "eu-central-1".'
    )


def test_a_section_of_the_other_platform_is_named_as_such() -> None:
    assert aws_faults(app={"image": None}) == [
        "app: is a section of the platform docker, and this stack's profile runs on aws. "
        "Take it out, or name another profile."
    ]
    with pytest.raises(SettingsError, match="is a section of the platform aws, and this stack's"):
        load({"profile": "local", "network": {}}, where="stack x")


def test_a_key_of_the_other_platform_is_named_as_such() -> None:
    assert aws_faults(nodes={"count": 2}) == [
        "nodes.count: unknown key. It is a key of the platform docker; the profile prod runs on "
        "aws."
    ]
    with pytest.raises(SettingsError, match="It is a key of the platform aws; the profile local"):
        load({"profile": "local", "balancer": {"tlsPolicy": "x"}}, where="stack x")


def test_the_platform_follows_from_the_profile() -> None:
    config = aws_config() | {"platform": "docker"}
    with pytest.raises(SettingsError, match='platform: got "docker"; must be "aws"'):
        load(config, where="stack x")


def test_a_misspelt_profile_is_taken_for_the_nearest_and_its_platform() -> None:
    with pytest.raises(SettingsError) as caught:
        load(aws_config() | {"profile": "prd", "nodes": {"jobThreads": 0}}, where="stack x")
    assert [str(fault) for fault in caught.value.faults] == [
        'profile: got "prd"; must be one of local, dev, staging, prod. Did you mean prod?',
        "nodes.jobThreads: got 0; must be a whole number from 1 to 100.",
    ]


def test_without_a_profile_sections_of_no_platform_are_blamed() -> None:
    with pytest.raises(SettingsError) as caught:
        load({"network": {}, "app": {}}, where="stack x")
    assert [fault.path for fault in caught.value.faults] == ["scipio:profile"]


@pytest.mark.parametrize(
    ("sections", "line"),
    [
        pytest.param(
            {"network": {"existing": {"vpcId": "vpc-0123456789abcdef0"}}},
            "network.existing.publicSubnetIds: missing; must be a list with at least 1 element, "
            'each the id of a subnet, for example "subnet-0123456789abcdef0".',
            id="an existing VPC by halves",
        ),
        pytest.param(
            {"database": {"restore": {"snapshot": "x"}}},
            "database.restore: does not say which kind it is; must be a section whose kind is one "
            'of "point-in-time", "snapshot", or null.',
            id="a restore of no kind",
        ),
        pytest.param(
            {"database": {"restore": {"kind": "snapshot"}}},
            "database.restore.snapshot: missing; must be letters, digits, colons and hyphens, the "
            'first a letter, at most 255 characters, for example "rds:scipio-2026-11-24-01-05".',
            id="a restore of nothing",
        ),
        pytest.param(
            {"servers": {"instanceType": "m7g.larg"}},
            'servers.instanceType: got "m7g.larg"; must be one of 44 names: "t3.small", '
            '"t3.medium", "t3.large", … "r7g.4xlarge". Did you mean "m7g.large"?',
            id="a long list of choices",
        ),
        pytest.param(
            {"messaging": {"engineVersion": "5.18.4"}},
            'messaging.engineVersion: got "5.18.4"; must be one of "5.19", "5.18". '
            'Did you mean "5.18"?',
            id="a patch level that Amazon MQ refuses",
        ),
        pytest.param(
            {"messaging": {"engineVersion": 5.18}},
            'messaging.engineVersion: got 5.18; must be one of "5.19", "5.18".',
            id="a version without quotes",
        ),
        pytest.param(
            {"balancer": {"tlsPolicy": "ELBSecurityPolicy-2016-08"}},
            'balancer.tlsPolicy: got "ELBSecurityPolicy-2016-08"; must be one of '
            '"ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09", '
            '"ELBSecurityPolicy-TLS13-1-2-PQ-2025-09", "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09", '
            '"ELBSecurityPolicy-TLS13-1-2-Res-2021-06", "ELBSecurityPolicy-TLS13-1-2-2021-06", '
            '"ELBSecurityPolicy-TLS13-1-3-2021-06". '
            'Did you mean "ELBSecurityPolicy-TLS13-1-3-2021-06"?',
            id="an old TLS policy",
        ),
        pytest.param(
            {"aws": {"tags": {"!x": "y"}}},
            "aws.tags.!x: unfit key; must be letters, digits, spaces and _ . : / = + @ -, the "
            'first a letter or digit, for example "Team".',
            id="a tag's key",
        ),
        pytest.param(
            {"aws": {"tags": {"Team": 5}}},
            "aws.tags.Team: got 5; must be letters, digits, spaces and _ . : / = + @ -, at most "
            '256 characters, for example "4711". Write it in quotes: "5".',
            id="a tag's value",
        ),
        pytest.param(
            {"aws": {"region": {"secure": "v1:abc"}}},
            "aws.region: is encrypted, and settings hold no secrets. "
            "Write it in plain text; passwords are made by the program itself.",
            id="an encrypted value that is needed",
        ),
        pytest.param(
            {"network": {"zones": ["eu-central-1a", {"secure": "v1:abc"}]}},
            "network.zones[1]: is encrypted, and settings hold no secrets. "
            "Write it in plain text; passwords are made by the program itself.",
            id="an encrypted value within a list",
        ),
        pytest.param(
            {"image": {"existing": "x@y"}, "release": {"blue": {"image": "scipio:1"}}},
            'release.blue.image: got "scipio:1"; must be an image\'s name with its digest, at '
            "most 400 characters, for example "
            '"123456789012.dkr.ecr.eu-central-1.amazonaws.com/scipio@sha256:'
            + "0123456789abcdef" * 4
            + '", or null.',
            id="a colour's image by its tag",
        ),
    ],
)
def test_one_fault_is_a_line_that_says_what_to_write(sections: dict[str, Any], line: str) -> None:
    assert aws_faults("dev", **sections)[0] == line


def test_settings_are_loaded_quickly_and_without_the_network() -> None:
    """Besides pydantic's own import; process time, so that a busy machine does not matter much."""
    program = (
        "import time\n"
        "import yaml\n"
        "from pydantic import BaseModel\n"
        "type('Warm', (BaseModel,), {})\n"
        "begin = time.process_time()\n"
        "from settings.load import load\n"
        f"load({aws_config()!r}, where='stack x')\n"
        "print(time.process_time() - begin)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert float(ran.stdout) < 0.5


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@st.composite
def sections(draw: st.DrawFn) -> dict[str, Any]:
    names = draw(st.lists(st.sampled_from(section_names("aws")), max_size=4, unique=True))
    return {
        name: draw(
            PLAIN
            | st.dictionaries(
                st.sampled_from(section_keys("aws", name) or ["x"]), PLAIN, max_size=4
            )
        )
        for name in names
    }


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(PROFILES), sections())
def test_whatever_is_written_the_answer_is_settings_or_a_settings_error(
    profile: AwsProfile, written: dict[str, Any]
) -> None:
    outcome = loaded_or_refused({**BASE, **written, "profile": profile})
    if isinstance(outcome, SettingsError):
        assert outcome.faults
        assert "Input should" not in str(outcome)
        assert "validation error" not in str(outcome)
    else:
        assert isinstance(outcome, AwsSettings)


def loaded_or_refused(config: dict[str, Any]) -> AnySettings | SettingsError:
    try:
        return load(config, where="stack x")
    except SettingsError as error:
        return error
