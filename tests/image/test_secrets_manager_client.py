"""AWS's client in the node's image, which carries a small part of it."""

import docker
import pytest

from tests.image.conftest import Images
from tests.image.container import container

pytestmark = pytest.mark.docker

DATA = "/opt/agent/site-packages/botocore/data"
ASK = """
from contract.cluster_document import SecretsManagerSecret
from node.secrets_manager import Patience, SecretsManagerStore
arn = "arn:aws:secretsmanager:eu-central-1:1:secret:x"
SecretsManagerStore(Patience(attempts=1)).value(SecretsManagerSecret(arn=arn))
"""
NOBODY_LISTENS = {
    "AWS_ENDPOINT_URL_SECRETS_MANAGER": "http://127.0.0.1:1",
    "AWS_ACCESS_KEY_ID": "key",
    "AWS_SECRET_ACCESS_KEY": "secret",
}


def test_it_describes_one_service_alone(engine: docker.DockerClient, images: Images) -> None:
    with container(engine, images.node, entrypoint=["sleep", "60"]) as trial:
        _, services = trial.ask("find", DATA, "-mindepth", "1", "-maxdepth", "1", "-type", "d")
    assert services.split() == [f"{DATA}/secretsmanager"]


def test_that_is_enough_to_make_a_request(engine: docker.DockerClient, images: Images) -> None:
    """It gets as far as the place where nobody listens."""
    with container(
        engine, images.node, entrypoint=["sleep", "60"], environment=NOBODY_LISTENS
    ) as trial:
        code, said = trial.ask("python3", "-c", ASK)
    assert code == 1
    assert "did not answer (EndpointConnectionError)" in said
