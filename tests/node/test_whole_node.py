"""The agent's commands from end to end: real PostgreSQL, real processes, a scripted JVM."""

import itertools
import json
import signal
import stat
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from contract.cluster_document import SecretsManagerSecret
from contract.health import HealthReport
from contract.node_times import WARM_UP_S
from tests.node.aws_stand_in import Answer, AwsStandIn, aws_stand_in, refusal
from tests.node.documents import document
from tests.node.node_site import NodeSite
from tests.support.postgres import PostgresServer
from tests.support.server_process import free_port

_numbers = itertools.count(1)


@pytest.fixture
def site(tmp_path: Path, postgres: PostgresServer) -> Iterator[NodeSite]:
    number = next(_numbers)
    made = NodeSite(
        tmp_path,
        postgres,
        document(
            database_port=postgres.port,
            database_name=f"whole_{number}",
            app_user=f"whole_{number}_app",
            http_port=free_port(),
            health_path="/health",
        ),
    )
    made.link()
    made.use_scripted_java()
    yield made
    made.remove()


def test_a_node_prepares_starts_serves_and_stops(site: NodeSite) -> None:
    """From an empty server to a ready node, and away with the JVM's own exit code."""
    with site.start() as node:
        node.wait_until_ready(within_s=60)
        health = site.command("health")
        assert health.returncode == 0
        assert HealthReport.model_validate_json(health.stdout).phase == "serving"
        assert node.stop() == 143
    assert site.command("health").returncode == 1
    assert "No broker listens" in node.output
    assert node.output.count("Warm-up: the first page took") == 1


def test_a_node_that_is_ordered_to_stop_waits_for_the_job_in_its_table(site: NodeSite) -> None:
    """With the real companion: no job is taken any more, the running one ends, nothing stays."""
    with site.start() as node:
        node.wait_until_ready(within_s=60)
        with psycopg.connect((site.home / "dsn").read_text(), autocommit=True) as table:
            table.execute(
                "INSERT INTO job_sandbox (job_id, status_id, run_by_instance_id, start_date_time)"
                " VALUES ('RUNS', 'SERVICE_RUNNING', 'app-1', now())"
            )
            node.process.send(signal.SIGTERM)
            waits = "waiting for 1 jobs to end"
            node.process.wait_until_usable(lambda: waits in node.output, within_s=30)
            locked = "SELECT instance_id FROM job_manager_lock"
            assert table.execute(locked).fetchall() == [("app-1",)]
            assert "got SIGTERM" not in node.output
            table.execute(
                "UPDATE job_sandbox SET status_id = 'SERVICE_FINISHED', finish_date_time = now()"
                " WHERE job_id = 'RUNS'"
            )
            assert node.process.wait_for_exit(within_s=60) == 143
            assert table.execute(locked).fetchall() == []
    assert "No job runs any more" in node.output


def test_no_secret_is_said_or_handed_over_in_the_clear(site: NodeSite) -> None:
    """Not in any output, nor in arguments or environment of any process, nor in a public file."""
    with site.start() as node:
        node.wait_until_ready(within_s=60)
        started = (site.home / "started").read_bytes().decode()
        assert started.count("load-data") == 2
        for pid in node.processes():
            for source in ("cmdline", "environ"):
                started += Path(f"/proc/{pid}/{source}").read_bytes().decode()
        node.stop()
    for name, value in site.secrets.items():
        assert value not in node.output, name
        assert value not in started, name
        for path in site.run_folder.rglob("*"):
            if path.is_file() and value.encode() in path.read_bytes():
                assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_everything_below_the_run_folder_is_closed_to_others(site: NodeSite) -> None:
    """The folder is 0700, so the modes within are a second wall."""
    assert site.command("prepare").returncode == 0
    assert stat.S_IMODE(site.run_folder.stat().st_mode) == 0o700
    assert (
        stat.S_IMODE((site.run_folder / "overlay" / "passwords.properties").stat().st_mode) == 0o600
    )
    assert not (site.run_folder / "administrator.xml").exists()


def test_the_launch_file_starts_the_jvm_in_the_tree(site: NodeSite) -> None:
    """What `prepare` leaves is all that PID 1 needs."""
    result = site.command("prepare")
    assert result.returncode == 0, result.stdout + result.stderr
    launch = json.loads((site.run_folder / "launch.json").read_text())
    assert launch["folder"] == str(site.home)
    assert launch["command"][-2:] == ["-jar", "ofbiz.jar"]
    assert f"-Dofbiz.system.props={site.run_folder}/overlay/system.properties" in launch["command"]
    assert (launch["http_port"], launch["health_path"]) == (site.document.node.http_port, "/health")
    assert (launch["warm_up_page"], launch["warm_up_s"]) == ("/admin/control/main", WARM_UP_S)


def test_a_search_node_asks_for_no_page_of_visitors(site: NodeSite) -> None:
    site.variables["SCIPIO_ROLE"] = "search"
    result = site.command("prepare")
    assert result.returncode == 0, result.stdout + result.stderr
    launch = json.loads((site.run_folder / "launch.json").read_text())
    assert launch["warm_up_page"] is None


def test_an_authority_that_left_the_document_leaves_the_node(
    site: NodeSite, authority: str
) -> None:
    """Overlay and trust store are made anew at each boot, from the document alone."""
    plain = site.document
    site.document = plain.model_copy(
        update={"database": plain.database.model_copy(update={"ca_certificate": authority})}
    )
    site.write()
    assert site.command("prepare").returncode == 0
    assert (site.run_folder / "trust-store").exists()
    assert (site.run_folder / "overlay" / "database-ca.pem").exists()
    site.document = plain
    site.write()
    assert site.command("prepare").returncode == 0
    assert not (site.run_folder / "trust-store").exists()
    assert not (site.run_folder / "overlay" / "database-ca.pem").exists()


def test_missing_secrets_end_the_boot_before_anything_is_done(
    site: NodeSite, postgres: PostgresServer
) -> None:
    """All missing ones are named; no database, no overlay, no JVM."""
    for name in ("messaging", "administrator"):
        (site.configuration / "secrets" / name).unlink()
    with site.start() as node:
        assert node.process.wait_for_exit(within_s=30) == 78
    assert "secret 'messaging'" in node.output
    assert "secret 'administrator'" in node.output
    assert "Traceback" not in node.output
    assert not (site.run_folder / "launch.json").exists()
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(postgres.dsn(site.document.database.name))


def test_no_secret_of_an_administrator_is_there_when_a_jvm_starts(site: NodeSite) -> None:
    """A prepared database needs none, so the node starts again without them."""
    secrets, once = site.configuration / "secrets", site.configuration / "preparation"
    once.mkdir()
    for name in ("database-admin", "administrator"):
        (secrets / name).rename(once / name)

    for _ in range(2):
        result = site.command("prepare")
        assert result.returncode == 0, result.stdout + result.stderr
        assert (site.run_folder / "launch.json").exists()
        assert list(once.iterdir()) == []


@pytest.fixture
def site_on_aws(site: NodeSite) -> Iterator[tuple[NodeSite, AwsStandIn]]:
    """All four secrets are in Secrets Manager, none in a file; one as RDS keeps its own."""
    plain = site.document
    values = dict(site.secrets)
    arns = {name: f"arn:aws:secretsmanager:eu-central-1:1:secret:{name}" for name in values}
    kept = {name: SecretsManagerSecret(arn=arn) for name, arn in arns.items()}
    kept["database-admin"] = SecretsManagerSecret(arn=arns["database-admin"], key="password")
    database = {"app_password": kept["database-app"], "admin_password": kept["database-admin"]}
    site.document = plain.model_copy(
        update={
            "database": plain.database.model_copy(update=database),
            "messaging": plain.messaging.model_copy(update={"password": kept["messaging"]}),
            "administrator": plain.administrator.model_copy(
                update={"password": kept["administrator"]}
            ),
        }
    )
    for name in values:
        (site.configuration / "secrets" / name).unlink()
    (site.configuration / "cluster.json").write_text(site.document.model_dump_json())
    with aws_stand_in() as aws:
        aws.secrets = {arns[name]: {"SecretString": value} for name, value in values.items()}
        admin = {"username": "postgres", "password": values["database-admin"]}
        aws.secrets[arns["database-admin"]] = {"SecretString": json.dumps(admin)}
        site.variables = aws.environment
        yield site, aws


def test_a_node_is_prepared_with_secrets_of_secrets_manager(
    site_on_aws: tuple[NodeSite, AwsStandIn],
) -> None:
    """Nothing that it says or leaves for PID 1 shows a value."""
    site, aws = site_on_aws
    result = site.command("prepare")
    assert result.returncode == 0, result.stdout + result.stderr
    assert len(aws.asked) == 4
    launch = (site.run_folder / "launch.json").read_text()
    for value in site.secrets.values():
        assert value not in result.stdout + result.stderr + launch


def test_a_denied_secret_ends_the_boot_with_one_message(
    site_on_aws: tuple[NodeSite, AwsStandIn],
) -> None:
    site, aws = site_on_aws
    aws.first.append(refusal("AccessDeniedException", "not authorized"))
    result = site.command("prepare")
    assert result.returncode == 78
    assert "must allow secretsmanager:GetSecretValue" in result.stdout
    assert "Traceback" not in result.stdout + result.stderr


def test_sigterm_ends_a_preparation_that_waits_for_secrets_manager(
    site_on_aws: tuple[NodeSite, AwsStandIn],
) -> None:
    """It is not taken for one more failed request, which would be tried again."""
    site, aws = site_on_aws
    aws.first.extend([Answer({}, silent=True)] * 10)
    with site.start() as node:
        node.process.wait_until_usable(lambda: len(aws.asked) == 1, within_s=30)
        assert node.stop() == 143
    assert len(aws.asked) == 1
    assert "Ordered to stop while preparing" in node.output


def test_a_missing_bundle_of_authorities_ends_the_boot(site: NodeSite) -> None:
    """Before any secret is fetched or any database asked."""
    update = {"tls": "verify-full", "ca_certificate_file": "/opt/none/bundle.pem"}
    plain = site.document
    site.document = plain.model_copy(update={"database": plain.database.model_copy(update=update)})
    site.write()
    result = site.command("prepare")
    assert result.returncode == 78
    assert "database.caCertificateFile: /opt/none/bundle.pem cannot be read" in result.stdout


def test_a_tree_without_links_is_refused(site: NodeSite) -> None:
    """Otherwise the JVM would run with the tree's own connectors and passwords."""
    link = site.home / "framework" / "catalina" / "scipio-component.xml"
    link.unlink()
    link.write_text((site.folder / "originals" / link.relative_to(site.home)).read_text())
    result = site.command("prepare")
    assert result.returncode == 78
    assert "framework/catalina/scipio-component.xml must be links into" in result.stdout


def test_an_old_launch_file_never_starts_a_jvm(site: NodeSite) -> None:
    """A preparation that fails leaves nothing behind that looks finished."""
    assert site.command("prepare").returncode == 0
    (site.configuration / "cluster.json").write_text("{}")
    assert site.command("prepare").returncode == 78
    assert not (site.run_folder / "launch.json").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("not json", "not JSON"),
        ('{"documentVersion": 2}', "found version 2"),
        ('{"documentVersion": 1}', "cluster: missing"),
    ],
)
def test_a_faulty_document_is_said_in_one_message(site: NodeSite, content: str, said: str) -> None:
    """By `check-document` as by the boot, with the same words and exit code."""
    path = site.configuration / "cluster.json"
    path.write_text(content)
    checked = site.command("check-document", str(path))
    assert (checked.returncode, checked.stdout) == (78, "")
    assert said in checked.stderr
    assert "Traceback" not in checked.stderr
    booted = site.command("run")
    assert booted.returncode == 78
    assert said in booted.stdout


def test_a_sound_document_is_called_sound(site: NodeSite) -> None:
    checked = site.command("check-document", str(site.configuration / "cluster.json"))
    assert checked.returncode == 0
    assert "sound" in checked.stdout


def test_a_document_that_is_not_there_is_named(site: NodeSite) -> None:
    checked = site.command("check-document", "/no/such/cluster.json")
    assert checked.returncode == 78
    assert "/no/such/cluster.json: cannot be read" in checked.stderr


def test_what_the_component_says_is_printed_as_it_is(site: NodeSite) -> None:
    absent = site.command("cache-clear")
    assert (absent.returncode, "is stock" in absent.stderr) == (1, True)
    site.run_folder.mkdir(parents=True, exist_ok=True)
    (site.run_folder / "cache-clear.json").write_text('{"at":1.5,"sent":7}')
    said = site.command("cache-clear")
    assert (said.returncode, said.stdout.strip()) == (0, '{"at":1.5,"sent":7}')


def test_health_before_the_first_cycle_is_a_sentence(site: NodeSite) -> None:
    health = site.command("health")
    assert health.returncode == 1
    assert "the agent has not run yet" in health.stderr
