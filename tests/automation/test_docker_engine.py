"""Without an engine there is one message that says where it was looked for and what to do."""

import pytest

from automation import docker_engine
from automation.errors import DockerUnavailableError


@pytest.mark.parametrize("ask", [docker_engine.client, docker_engine.ensure])
def test_an_engine_that_does_not_answer_is_named(
    ask: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is installed or started in the place of an engine that somebody chose."""
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:1")
    assert callable(ask)
    with pytest.raises(DockerUnavailableError) as refused:
        ask()
    assert "Docker does not answer at tcp://127.0.0.1:1" in str(refused.value)
    assert "run the command again" in str(refused.value)
