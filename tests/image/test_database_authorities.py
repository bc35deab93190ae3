"""The authorities of AWS's databases, as the node's image carries them."""

from pathlib import Path

import docker
import pytest
from cryptography import x509

from settings.aws.catalogue import REGIONS
from settings.aws.rules.network import RDS_BUNDLE, RDS_BUNDLES
from settings.cluster_document import RDS_AUTHORITIES_FILE
from tests.image.conftest import Images
from tests.image.container import container

BUNDLE = Path(__file__).parents[2] / "image" / "node" / "authorities" / "global-bundle.pem"


@pytest.fixture(scope="module")
def roots() -> list[x509.Certificate]:
    return x509.load_pem_x509_certificates(BUNDLE.read_bytes())


def name(root: x509.Certificate) -> str:
    [found] = root.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(found.value)


def test_every_certificate_is_a_root_of_rds_that_signed_itself(
    roots: list[x509.Certificate],
) -> None:
    """A forged certificate would need a root's own signature over its own name and key."""
    for root in roots:
        [organisation] = root.subject.get_attributes_for_oid(x509.NameOID.ORGANIZATION_NAME)
        assert organisation.value == "Amazon Web Services, Inc."
        assert name(root).startswith("Amazon RDS ")
        assert root.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
        root.verify_directly_issued_by(root)


def test_the_regions_of_stacks_are_those_with_a_root_for_each_kind_of_key(
    roots: list[x509.Certificate],
) -> None:
    """A stack elsewhere is refused: its nodes could not tell its database from another."""
    assert sorted(name(root) for root in roots) == sorted(
        f"Amazon RDS {region} Root CA {key} G1"
        for region in REGIONS
        for key in ("RSA2048", "RSA4096", "ECC384")
    )


def test_the_readme_names_the_bundle_of_each_part_of_aws() -> None:
    """The one of the other regions has no root of GovCloud or China."""
    page = (BUNDLE.parent / "README.md").read_text(encoding="utf-8")
    for bundle in (RDS_BUNDLE, *RDS_BUNDLES.values()):
        assert f"`{bundle}`" in page


@pytest.mark.docker
def test_the_image_has_the_file_that_the_document_names(
    engine: docker.DockerClient, images: Images
) -> None:
    with container(engine, images.node, entrypoint=["sleep", "60"]) as trial:
        assert trial.ask("cat", RDS_AUTHORITIES_FILE) == (0, BUNDLE.read_text())
