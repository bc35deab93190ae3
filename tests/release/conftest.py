"""A small account of AWS that answers botocore."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.doubles.aws.account import Thing
from tests.engine.doubles.aws.api import Api, serving
from tests.engine.doubles.aws.fleet import GROUP, TEMPLATE

NAME = "scipio-prod-blue"
TEMPLATE_ID = "lt-0123456789abcdef0"


@pytest.fixture
def api(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    """Its one group has three servers of version 1, and its template a version 2 as well."""
    with serving(tmp_path / "account.json") as made:
        for name, value in made.environment().items():
            monkeypatch.setenv(name, value)
        with made.account() as account:
            arn = "arn:aws:autoscaling:eu-central-1:123456789012:autoScalingGroup:1:x"
            inputs = {
                "name": NAME,
                "minSize": 3,
                "maxSize": 6,
                "launchTemplate": {"id": TEMPLATE_ID, "version": "1"},
            }
            account.things.append(Thing(GROUP, NAME, NAME, inputs, {"arn": arn}))
            versions = [{"image": "old"}, {"image": "new"}]
            account.things.append(
                Thing(TEMPLATE, TEMPLATE_ID, NAME, versions[1], {}, earlier=versions[:1])
            )
        yield made
