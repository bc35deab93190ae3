"""Two nodes that were given one id, with the agent's own commands."""

import os
import signal
import sys
from pathlib import Path

from node.errors import CONFIGURATION
from node.life.keep_settings import read_keep_settings
from node.paths import keep_file, membership_file
from tests.node.documents import APP_PASSWORD, document
from tests.node.node_site import NodeSite
from tests.support.postgres import PostgresServer
from tests.support.server_process import ServerProcess, wait_until


def keeper_of(site: NodeSite) -> ServerProcess:
    return ServerProcess(
        "keeper",
        [sys.executable, "-P", "-m", "node", "keep"],
        log=site.folder / "keeper.log",
        environment={**os.environ, **site.environment},
        folder=site.folder,
    )


def test_the_second_refuses_to_start_and_follows_when_the_first_was_killed(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    """Its configuration is wrong, so no restart helps; a killed one does not stand in its way."""
    site = NodeSite(
        tmp_path,
        postgres,
        document(database_port=postgres.port, database_name="one_id", app_user="one_id_app"),
    )
    site.link()
    site.use_scripted_java()
    try:
        assert site.command("prepare").returncode == 0
        file = keep_file(site.run_folder)
        assert file.stat().st_mode & 0o777 == 0o600
        first = read_keep_settings(file)
        engine = (site.run_folder / "overlay" / "entityengine.xml").read_text()
        assert f"scipio_cluster.incarnation%3D{first.incarnation}" in engine
        keeper = keeper_of(site)
        wait_until("it beats", membership_file(site.run_folder).exists, within_s=60)

        second = site.command("prepare")

        assert second.returncode == CONFIGURATION
        assert "'app-1' is taken by a node on host" in second.stdout
        assert APP_PASSWORD not in second.stdout + second.stderr
        keeper.end(signal.SIGKILL)
        assert site.command("prepare").returncode == 0
        assert read_keep_settings(file).incarnation != first.incarnation
    finally:
        site.remove()
