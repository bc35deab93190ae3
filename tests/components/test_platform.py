"""What the stack `local` consists of, and how its parts fit together."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from components.docker.health_check import duration
from contract.cluster_document import ClusterDocument, SharedFiles
from contract.node_times import WARM_UP_S
from contract.stack_outputs import StackOutputs
from settings.cluster_document import NODE_SECRETS
from tests.components.conftest import record_stack
from tests.components.normal_form import normal_form
from tests.components.rules import generated_secrets, or_none, texts
from tests.support.recorder import Inputs, Recording, Registration


def uploads(container: Registration) -> dict[str, Inputs]:
    """The files of a container, by path."""
    return {upload["file"]: upload for upload in or_none(container.inputs, "uploads") or []}


def is_secret_file(container: Registration, path: str) -> bool:
    index = list(uploads(container)).index(path)
    return container.is_secret("uploads", index, "content") or container.is_secret(
        "uploads", index, "contentBase64"
    )


def nodes(recording: Recording) -> list[Registration]:
    return [each for each in recording.of_type("Container") if each.name.startswith("node-")]


def document_of(node: Registration) -> str:
    return str(uploads(node)["/etc/scipio/cluster.json"]["content"])


def test_every_node_finds_the_same_document(local: Recording) -> None:
    """What differs between nodes is their instance id alone."""
    documents = {document_of(node) for node in nodes(local)}

    assert len(nodes(local)) == 2
    assert len(documents) == 1
    ClusterDocument.model_validate_json(documents.pop())


def test_the_document_names_the_services_as_the_network_does(local: Recording) -> None:
    """A host that no container answers to would leave every node waiting."""
    document = ClusterDocument.model_validate_json(document_of(nodes(local)[0]))
    names = {
        alias
        for container in local.of_type("Container")
        for alias in container.inputs["networksAdvanced"][0]["aliases"]
    }

    assert {document.database.host} <= names
    assert {broker.host for broker in document.messaging.brokers} <= names
    assert document.cluster == local.named("DockerPlatform", document.cluster).name


def test_the_document_holds_no_secret_and_is_none(local: Recording) -> None:
    """It holds references; marked as a secret, its differences could not be read."""
    for node in nodes(local):
        assert not is_secret_file(node, "/etc/scipio/cluster.json")
        for name, secret in generated_secrets(local).items():
            assert secret not in document_of(node), name


def test_every_secret_of_the_document_is_a_file_of_the_node(local: Recording) -> None:
    """A reference without a file stops the node at its boot."""
    for node in nodes(local):
        for secret in NODE_SECRETS:
            path = f"/etc/scipio/secrets/{secret.name}"
            assert len(uploads(node)[path]["content"]) == 32
            assert is_secret_file(node, path)


def test_every_password_is_another(local: Recording) -> None:
    """One that leaks opens one door."""
    drawn = [each.outputs["value"] for each in local.of_type("GeneratedPassword")]

    assert len(drawn) == 7
    assert len(set(drawn)) == 7


def test_the_database_and_the_nodes_know_the_same_administrators_password(
    local: Recording,
) -> None:
    """The nodes prepare the database with it."""
    database = local.named("Container", "database")
    given = uploads(database)["/etc/postgresql-cluster/admin-password"]["content"]

    assert (
        given == uploads(nodes(local)[0])["/etc/scipio/secrets/database-admin-password"]["content"]
    )


@pytest.mark.parametrize(
    ("container", "path"),
    [
        ("database", "/etc/postgresql-cluster/admin-password"),
        ("broker-a", "/etc/activemq/credentials.properties"),
        ("broker-b", "/etc/activemq/credentials.properties"),
        ("broker-a", "/etc/activemq/broker.p12"),
        ("balancer", "/etc/haproxy-cluster/haproxy.cfg"),
        ("balancer", "/etc/haproxy-cluster/certificate.pem"),
    ],
)
def test_a_file_with_a_secret_in_it_is_a_secret(
    container: str, path: str, local: Recording
) -> None:
    """The state encrypts it whole."""
    assert is_secret_file(local.named("Container", container), path)


def test_files_can_be_read_by_the_user_that_the_service_runs_as(local: Recording) -> None:
    """They arrive as root's, and no service runs as root."""
    modes = {
        upload["permissions"]
        for container in local.of_type("Container")
        for upload in uploads(container).values()
    }

    assert modes == {"0444"}


def test_no_file_goes_where_a_volume_or_a_memory_file_system_is_mounted(local: Recording) -> None:
    """Docker puts it beneath the mount, where nobody sees it."""
    for container in local.of_type("Container"):
        volumes = or_none(container.inputs, "volumes") or []
        mounts = [volume["containerPath"] for volume in volumes]
        mounts += or_none(container.inputs, "tmpfs") or {}
        for path in uploads(container):
            assert not any(Path(path).is_relative_to(mount) for mount in mounts), path


def test_every_own_name_on_the_network_is_unique(local: Recording) -> None:
    """Only the nodes of a colour share a name: the balancer asks for all of them by it."""
    own: list[str] = []
    shared: list[str] = []
    for container in local.of_type("Container"):
        first, *rest = container.inputs["networksAdvanced"][0]["aliases"]
        assert first == container.inputs["hostname"]
        own.append(first)
        shared += rest

    assert len(set(own)) == len(own)
    assert shared == ["app-blue", "app-blue"]
    assert not set(own) & set(shared)


def test_an_instance_id_like_a_services_name_takes_no_name_away() -> None:
    """A node called `database` is `node-database` on the network."""
    recording = record_stack({"nodes": {"instanceIds": ["database", "broker-a"]}})

    own = [each.inputs["hostname"] for each in recording.of_type("Container")]
    assert len(set(own)) == len(own)


def test_a_node_learns_its_instance_id_from_its_environment(local: Recording) -> None:
    """And nothing else: secrets are files."""
    environments = [node.inputs["envs"] for node in nodes(local)]

    assert environments == [["SCIPIO_INSTANCE_ID=scipio-1"], ["SCIPIO_INSTANCE_ID=scipio-2"]]


def test_the_agents_folder_is_in_memory_and_its_own(local: Recording) -> None:
    """Secret values are rendered into it; they never reach a disk."""
    for node in nodes(local):
        options = node.inputs["tmpfs"]["/run/scipio"].split(",")
        assert {"mode=0700", "uid=10001", "gid=10001", "noexec", "nosuid", "nodev"} <= set(options)


def test_uploads_and_images_are_one_volume_at_the_documents_path(local: Recording) -> None:
    """The same absolute path on every node."""
    mounted = {
        (volume["volumeName"], volume["containerPath"])
        for node in nodes(local)
        for volume in node.inputs["volumes"]
    }

    document = ClusterDocument.model_validate_json(document_of(nodes(local)[0]))
    volume = local.named("Volume", "shared-files").outputs["name"]
    assert mounted == {(volume, document.shared_files.path)}
    assert document.shared_files == SharedFiles()


def test_both_brokers_have_one_store_and_one_configuration(local: Recording) -> None:
    """Its lock decides which one is live; a client that changes brokers notices nothing."""
    a, b = local.named("Container", "broker-a"), local.named("Container", "broker-b")

    assert a.inputs["volumes"] == b.inputs["volumes"]
    for path, upload in uploads(a).items():
        other = json.dumps(uploads(b)[path]).replace("broker-b", "broker-a")
        assert json.dumps(upload) == other, path
    assert (
        a.inputs["volumes"][0]["volumeName"]
        == local.named("Volume", "broker-store").outputs["name"]
    )


def test_only_the_balancer_is_published(local: Recording) -> None:
    """Brokers and database answer on the cluster's network alone."""
    published = {
        each.name: {port["internal"]: port["external"] for port in each.inputs["ports"]}
        for each in local.of_type("Container")
        if "ports" in each.inputs
    }

    assert published == {"balancer": {8443: 8443, 8080: 8080, 8404: 8404}}


def test_services_come_up_in_the_order_of_their_needs(local: Recording) -> None:
    """Database and brokers, nodes in two waves, the balancer, the colour; and down in reverse."""

    def waits_for(name: str) -> set[str]:
        urns = local.named("Container", name).depends_on
        return {each.name for each in local.of_type("Container") if each.urn in urns}

    services = {"database", "broker-a", "broker-b"}
    for name in services:
        assert waits_for(name) == set()
    assert waits_for("node-scipio-1") == services
    assert waits_for("node-scipio-2") == services | {"node-scipio-1"}
    assert waits_for("balancer") == {"node-scipio-1", "node-scipio-2"}
    assert waits_for("release") == {"node-scipio-1", "node-scipio-2", "balancer"}


def test_a_node_has_time_for_a_database_a_preparation_and_a_boot() -> None:
    """The limit follows from the stack's own boot limit; a stop outlasts the JVM's."""
    recording = record_stack({"nodes": {"bootTimeoutS": 100, "stopTimeoutS": 40}})

    node = nodes(recording)[0]
    document = ClusterDocument.model_validate_json(document_of(node))
    assert document.node.subscription_wait_s < WARM_UP_S
    longest_s = document.database.connect_timeout_s + 2 * 100 + WARM_UP_S
    assert node.inputs["waitTimeout"] == longest_s
    assert node.inputs["healthcheck"]["startPeriod"] == duration(longest_s)
    assert node.inputs["stopTimeout"] > 40


def test_containers_run_the_image_that_was_built_and_not_a_tag(local: Recording) -> None:
    """A rebuilt image under the same tag would never reach them."""
    for name, image in {
        "database": "database",
        "broker-a": "broker",
        "broker-b": "broker",
        "node-scipio-1": "node",
        "balancer": "balancer",
    }.items():
        used = local.named("Container", name).inputs["image"]
        assert used == local.named("image:Image", image).outputs["repoDigest"]
        assert used.startswith("sha256:")


def test_every_image_is_built_from_files_that_are_there_and_pushed_nowhere(
    local: Recording,
) -> None:
    """A path that moved is noticed here and not by a user."""
    for image in local.of_type("image:Image"):
        assert image.inputs["skipPush"] is True
        assert Path(image.inputs["build"]["dockerfile"]).is_file()
        assert Path(image.inputs["build"]["context"]).is_dir()


def test_an_image_of_the_erp_takes_the_reference_nodes_place(erp: Recording) -> None:
    """It is pulled, or taken as it is on this machine, and stays when the stack goes."""
    image = erp.named("RemoteImage", "node")

    assert image.inputs == {"name": "registry.test/erp:3", "keepLocally": True}
    assert {each.name for each in erp.of_type("image:Image")} == {"balancer", "broker", "database"}
    assert len(nodes(erp)) == 3
    for node in nodes(erp):
        assert node.inputs["image"] == image.outputs["imageId"]
    assert erp.exports.values["cluster"]["implementation"] == "scipio"


def test_one_node_more_is_one_container_more_and_touches_nothing_else(local: Recording) -> None:
    """All other inputs are the same to the letter, but for what is drawn anew in every record."""
    three = record_stack({"nodes": {"count": 3}})

    before, after = normal_form(local), normal_form(three)
    added = after.keys() - before.keys()
    assert before.keys() - after.keys() == set()
    assert added == {three.named("Container", "node-scipio-3").urn}
    for urn, inputs in before.items():
        assert after[urn] == inputs, urn


GREEN: Mapping[str, Mapping[str, object]] = {
    "release": {"mode": "bluegreen", "green": {"image": "registry.test/erp:4", "count": 1}}
}


def with_green(**release: object) -> Recording:
    return record_stack({"release": {**GREEN["release"], **release}})


def test_a_second_colour_is_its_nodes_and_touches_nothing_else(local: Recording) -> None:
    """Not the balancer either: it has places for both colours from the beginning."""
    released = with_green()

    before, after = normal_form(local), normal_form(released)
    green = released.named("Container", "node-scipio-green-1")
    image = released.named("RemoteImage", "node-green")
    assert after.keys() - before.keys() == {green.urn, image.urn}
    kept = released.named("KeptColours", "kept-colours")
    assert kept.inputs["places"].keys() == {"blue", "green"}
    others = before.keys() - {kept.urn}
    assert {urn: after[urn] for urn in others} == {urn: before[urn] for urn in others}
    assert green.inputs["image"] == image.outputs["imageId"]
    assert green.inputs["networksAdvanced"][0]["aliases"][1:] == ["app-green"]


def test_a_switch_touches_the_container_that_says_it_and_nothing_else() -> None:
    """No node, and not the balancer: no visitor is cut off."""
    before = normal_form(with_green())
    switched = with_green(active="green")
    after = normal_form(switched)

    assert before.keys() == after.keys()
    changed = {urn for urn in before if before[urn] != after[urn]}
    release = switched.named("Container", "release")
    assert changed == {release.urn}
    assert release.inputs["envs"] == ["ACTIVE_COLOUR=green"]


def test_the_checks_look_at_the_colour_that_new_visitors_get() -> None:
    """The other one is there, and the balancer sends nobody new to it."""
    values = with_green(active="green").exports.values["cluster"]
    outputs = StackOutputs.model_validate_json(json.dumps(values))

    assert [node.instance_id for node in outputs.nodes] == ["scipio-green-1"]
    assert [node.instance_id for node in outputs.drained_nodes] == ["scipio-1", "scipio-2"]


def test_every_second_node_waits_until_the_others_serve() -> None:
    """What replaces all nodes leaves half of them to the visitors; one more joins a wave."""
    recording = record_stack({"nodes": {"count": 5}})

    def waits_for(number: int) -> set[str]:
        urns = recording.named("Container", f"node-scipio-{number}").depends_on
        return {each.name for each in nodes(recording) if each.urn in urns}

    first = {f"node-scipio-{number}" for number in (1, 3, 5)}
    assert [waits_for(number) for number in (1, 2, 3, 4, 5)] == [set(), first, set(), first, set()]


def test_the_admin_socket_is_shared_by_the_balancer_and_what_speaks_to_it(
    local: Recording,
) -> None:
    """And by nobody else: whoever reaches it may take every node away."""
    volume = local.named("Volume", "balancer-control").outputs["name"]
    mounting = {
        each.name
        for each in local.of_type("Container")
        for mounted in or_none(each.inputs, "volumes") or []
        if mounted["volumeName"] == volume
    }
    assert mounting == {"balancer", "release"}


def test_the_stack_says_what_the_checks_need(local: Recording) -> None:
    """The output `cluster` is the contract's, in clear: nothing in it is secret."""
    exports = local.exports

    outputs = StackOutputs.model_validate_json(json.dumps(exports.values["cluster"]))
    assert exports.secret == {"administratorPassword"}
    assert outputs.balancer.https_url == exports.values["url"] == "https://localhost:8443"
    assert outputs.implementation == "reference"
    assert [node.instance_id for node in outputs.nodes] == ["scipio-1", "scipio-2"]
    assert [broker.name for broker in outputs.brokers] == ["broker-a", "broker-b"]
    names = {each.outputs["name"] for each in local.of_type("Container")}
    assert names == {
        outputs.balancer.container,
        outputs.database.container,
        *(node.container for node in outputs.nodes),
        *(broker.container for broker in outputs.brokers),
        local.named("Container", "release").outputs["name"],
    }
    assert (
        outputs.ca_certificate
        == local.named("CertificateAuthority", "authority").outputs["certificate_pem"]
    )


def test_the_administrators_password_can_be_asked_for(local: Recording) -> None:
    """The nodes set it in the ERP, and a person must be able to log in."""
    node = nodes(local)[0]

    assert (
        local.exports.values["administratorPassword"]
        == uploads(node)["/etc/scipio/secrets/administrator-password"]["content"]
    )


def test_a_first_preview_works_though_nothing_is_known_yet(local: Recording) -> None:
    """It registers the same resources as the update does."""
    preview = record_stack(preview=True)

    assert {each.urn for each in preview} == {each.urn for each in local}


def test_visitors_by_address_and_by_name_find_the_certificate_good(local: Recording) -> None:
    """The certificate names the stack's host, this machine, and its loopback address."""
    certificate = local.named("ServerCertificate", "balancer-certificate").inputs
    assert certificate["dns_names"] == ["localhost"]
    assert certificate["ip_addresses"] == ["127.0.0.1"]

    by_address = record_stack({"balancer": {"host": "192.0.2.1"}})
    certificate = by_address.named("ServerCertificate", "balancer-certificate").inputs
    assert certificate["dns_names"] == ["localhost"]
    assert certificate["ip_addresses"] == ["192.0.2.1", "127.0.0.1"]


def test_no_output_was_printed_into_a_text(local: Recording) -> None:
    """Pulumi would write the sentence of its warning into the file."""
    for each in local:
        for path, text in texts(each.inputs):
            assert not re.search(r"Calling __str__ on an Output|<pulumi\.output", text), path


def test_the_search_node_is_told_where_all_nodes_ask(erp: Recording) -> None:
    """On its own port, with its own heap, reached by no visitor; else it is told the same."""
    [search] = [each for each in erp.of_type("Container") if each.name == "search"]
    of_node = ClusterDocument.model_validate_json(document_of(nodes(erp)[0]))
    of_search = ClusterDocument.model_validate_json(document_of(search))

    assert of_node.search is not None
    outputs = StackOutputs.model_validate_json(json.dumps(erp.exports.values["cluster"]))
    assert outputs.search_node is not None
    assert outputs.search_node.container == search.outputs["name"]
    assert outputs.search_node in outputs.members
    [network] = search.inputs["networksAdvanced"]
    assert of_node.search.host in network["aliases"]
    assert of_search.node.http_port == of_node.search.port
    assert of_search.node.heap_mib == 640
    assert of_search.node.health_path == "/solr/admin/cores"
    assert of_search.model_copy(update={"node": of_node.node}) == of_node
    assert "SCIPIO_ROLE=search" in search.inputs["envs"]
    assert or_none(search.inputs, "ports") is None
    [volume] = search.inputs["volumes"]
    assert volume["containerPath"] == "/opt/scipio/applications/solr/cores/product/data"
