"""Fixtures of the cluster component's tests."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.cluster_component.broker_faults import Brokers
from tests.support.activemq import ActiveMqBroker


@pytest.fixture(scope="module", params=[False, True], ids=["tcp", "tls"])
def brokers(request: pytest.FixtureRequest) -> Iterator[Brokers]:
    """Without TLS and with it."""
    users = {"scipio": "pair-password"}
    with ExitStack() as ending:
        first, second = (
            ending.enter_context(ActiveMqBroker(users=users, tls=request.param, name=name))
            for name in ("first", "second")
        )
        yield Brokers(first, second)
