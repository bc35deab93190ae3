"""What becomes of jobs when a node leaves: drained by an order, or killed without a word."""

import time
import uuid
from collections.abc import Iterator

import docker
import pytest
from docker.models.containers import Container

from contract.stack_outputs import NodeOutput, StackOutputs
from tests.support.longest_seen import LongestSeen
from tests.support.server_process import wait_until

pytestmark = [pytest.mark.cluster, pytest.mark.patient]

JOB_S = 20
POLL_S = 30
"""How often a node looks for jobs (`poll-db-millis`)."""
TAKEN_WITHIN_S = 4 * POLL_S
MISSED_WITHIN_S = 180
"""45 s until a silent node is given up, then a sweep, a poll, and a loaded machine."""
HEALTHY_WITHIN_S = 300
LOOK_S = 1.0
"""A look is a process in a container, which costs the nodes the time they are to show."""
FINISHED = "SERVICE_FINISHED"


class Jobs:
    """Rows of the shared table, by psql in the database's container."""

    def __init__(self, engine: docker.DockerClient, outputs: StackOutputs) -> None:
        self._container = engine.containers.get(outputs.database.container or "")
        self._database = outputs.database.name

    def sql(self, statement: str, **values: str) -> list[str]:
        """Lines of the answer, columns separated by `|`; `:'name'` stands for a value."""
        given = [word for name, value in values.items() for word in ("-v", f"{name}={value}")]
        psql = ["psql", "--no-psqlrc", "-v", "ON_ERROR_STOP=1", *given]
        psql += ["-qAt", "-U", "postgres", "-d", self._database]
        # Only what comes in by standard input has its variables filled in.
        piped = ["sh", "-c", 'sql=$1; shift; printf %s "$sql" | "$@"', "sh", statement, *psql]
        code, printed = self._container.exec_run(piped)
        assert isinstance(printed, bytes)
        assert code == 0, printed
        return printed.decode().splitlines()

    def add(self, name: str) -> str:
        """A pending job that any node may take, named so that it sleeps `<n>s`; its id."""
        job_id = f"LIFE-{uuid.uuid4().hex[:12]}"
        self.sql(
            "INSERT INTO job_sandbox (job_id, job_name, service_name, status_id, pool_id, run_time)"
            " VALUES (:'job', :'name', 'referenceSleep', 'SERVICE_PENDING', 'pool', now())",
            job=job_id,
            name=name,
        )
        return job_id

    def runner(self, job_id: str) -> str | None:
        """Instance id of the node that runs it now."""
        found = self.sql(
            "SELECT run_by_instance_id FROM job_sandbox WHERE job_id = :'job'"
            " AND status_id = 'SERVICE_RUNNING'",
            job=job_id,
        )
        return found[0] if found else None

    def wait_until_it_runs(self, job_id: str) -> str:
        wait_until(
            "the job runs",
            lambda: self.runner(job_id) is not None,
            within_s=TAKEN_WITHIN_S,
            every_s=LOOK_S,
        )
        runner = self.runner(job_id)
        assert runner is not None
        return runner

    def left_by(self, instance_id: str) -> list[str]:
        """What still carries the id of a node that is gone, finished rows apart."""
        return self.sql(
            "SELECT job_id FROM job_sandbox WHERE run_by_instance_id = :'node'"
            " AND finish_date_time IS NULL AND cancel_date_time IS NULL"
            " UNION ALL SELECT service_name FROM service_semaphore"
            " WHERE locked_by_instance_id = :'node'",
            node=instance_id,
        )

    def is_kept_from_jobs(self, instance_id: str) -> bool:
        """Whether the node would take none, should it wake up."""
        return bool(
            self.sql("SELECT 1 FROM job_manager_lock WHERE instance_id = :'n'", n=instance_id)
        )


@pytest.fixture
def jobs(docker_engine: docker.DockerClient, outputs: StackOutputs) -> Iterator[Jobs]:
    """With the reference node's services: its jobs can be told how long to run."""
    if outputs.implementation != "reference":
        pytest.skip("only the reference node has jobs of a length that a test may choose")
    table = Jobs(docker_engine, outputs)
    yield table
    table.sql("DELETE FROM job_sandbox WHERE job_id LIKE 'LIFE-%' OR parent_job_id LIKE 'LIFE-%'")


@pytest.fixture
def every_node_again(
    docker_engine: docker.DockerClient, outputs: StackOutputs
) -> Iterator[dict[str, Container]]:
    """Containers by instance id; all of them run and are healthy again afterwards."""
    nodes = {node.instance_id: _container(docker_engine, node) for node in outputs.nodes}
    yield nodes
    for container in nodes.values():
        container.start()
    for instance_id, container in nodes.items():
        wait_until(
            f"{instance_id} is healthy",
            lambda container=container: _health(container) == "healthy",  # type: ignore[misc]
            within_s=HEALTHY_WITHIN_S,
            every_s=LOOK_S,
        )


def test_a_node_that_is_stopped_ends_its_running_job_first(
    jobs: Jobs, every_node_again: dict[str, Container]
) -> None:
    """`docker stop` as `make up` with fewer nodes does it: the job ends once, and well."""
    job_id = jobs.add(f"life {JOB_S}s")
    runner = jobs.wait_until_it_runs(job_id)
    container = every_node_again[runner]

    container.stop(timeout=300)

    [row] = jobs.sql("SELECT status_id, job_result FROM job_sandbox WHERE job_id = :'j'", j=job_id)
    assert row == f"{FINISHED}|slept {JOB_S} s"
    assert jobs.left_by(runner) == []
    assert not jobs.is_kept_from_jobs(runner)
    container.reload()
    assert container.attrs["State"]["ExitCode"] == 143
    told = container.logs(since=int(time.time()) - 300).decode(errors="replace")
    assert "No job runs any more" in told


def test_a_job_of_a_killed_node_is_run_by_another_one(
    jobs: Jobs, every_node_again: dict[str, Container], longest_seen: LongestSeen
) -> None:
    """The killed node stays dead: the others miss its heartbeat."""
    job_id = jobs.add("life 60s")
    killed = jobs.wait_until_it_runs(job_id)

    every_node_again[killed].kill()
    killed_at = time.monotonic()

    wait_until(
        "another node runs it",
        lambda: jobs.runner(job_id) not in (None, killed),
        within_s=MISSED_WITHIN_S,
        every_s=LOOK_S,
    )
    longest_seen("a node dies with jobs: another runs them", time.monotonic() - killed_at)
    assert jobs.left_by(killed) == []
    # Until its next start: what is not seen to end may only be frozen.
    assert jobs.is_kept_from_jobs(killed)
    every_node_again[killed].start()
    wait_until(
        "it may take jobs again",
        lambda: not jobs.is_kept_from_jobs(killed),
        within_s=HEALTHY_WITHIN_S,
        every_s=LOOK_S,
    )


def test_a_recurring_job_of_a_killed_node_goes_on_elsewhere_once(
    jobs: Jobs, every_node_again: dict[str, Container]
) -> None:
    """Its next run, written at its start, neither gets lost nor comes twice."""
    job_id = jobs.add("life 60s")
    jobs.sql(
        "UPDATE job_sandbox SET temp_expr_id = 'EVERY_3600_S', max_recurrence_count = -1"
        " WHERE job_id = :'job'",
        job=job_id,
    )
    killed = jobs.wait_until_it_runs(job_id)

    every_node_again[killed].kill()

    wait_until(
        "another node has ended it",
        lambda: (
            jobs.sql(
                "SELECT status_id FROM job_sandbox WHERE job_id = :'job'"
                " AND run_by_instance_id <> :'killed'",
                job=job_id,
                killed=killed,
            )
            == [FINISHED]
        ),
        within_s=MISSED_WITHIN_S + 60,
        every_s=LOOK_S,
    )
    following = jobs.sql(
        "SELECT count(*) FROM job_sandbox WHERE previous_job_id = :'job'"
        " AND status_id = 'SERVICE_PENDING'",
        job=job_id,
    )
    assert following == ["1"]


def _container(engine: docker.DockerClient, node: NodeOutput) -> Container:
    return engine.containers.get(node.container or "")


def _health(container: Container) -> str:
    container.reload()
    return str(container.attrs["State"].get("Health", {}).get("Status"))
