"""Everything around one node as a platform gives it: tree with links, document, secrets."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from contract.cluster_document import ClusterDocument, SharedFiles
from tests.node.documents import ADMINISTRATOR_PASSWORD, APP_PASSWORD, MESSAGING_PASSWORD
from tests.support.postgres import PostgresServer
from tests.support.server_process import ServerProcess, wait_until

HERE = Path(__file__).parent
PROJECT = HERE.parents[1]
TREE = PROJECT / "image" / "reference-node" / "src" / "main" / "home"
"""Files in the shape of the ERP's own, for the overlay to be merged into."""


class NodeSite:
    """One tree, one configuration folder; `start` makes a node of them."""

    def __init__(
        self,
        folder: Path,
        postgres: PostgresServer,
        document: ClusterDocument,
        *,
        tree: Path = TREE,
        jar: str = "ofbiz.jar",
        messaging_password: str = MESSAGING_PASSWORD,
    ) -> None:
        self.folder = folder
        self.home = folder / "home"
        self.run_folder = folder / "run"
        self.configuration = folder / "configuration"
        self.shared_files = folder / "shared"
        self.document = document.model_copy(
            update={"shared_files": SharedFiles(path=str(self.shared_files))}
        )
        self.variables: dict[str, str] = {}
        """Of the environment, besides those that every platform sets."""
        self._postgres = postgres
        self._jar = jar
        self._path = os.environ["PATH"]
        self.secrets = {
            "database-app": APP_PASSWORD,
            "database-admin": postgres.superuser_password,
            "messaging": messaging_password,
            "administrator": ADMINISTRATOR_PASSWORD,
        }
        shutil.copytree(tree, self.home)
        (self.home / "runtime" / "logs").mkdir(parents=True)
        self.shared_files.mkdir()
        (self.configuration / "secrets").mkdir(parents=True)
        self.write()

    def write(self) -> None:
        """Document and secrets as they are now."""
        (self.configuration / "cluster.json").write_text(self.document.model_dump_json())
        for name, value in self.secrets.items():
            (self.configuration / "secrets" / name).write_text(value + "\n")

    def use_scripted_java(self) -> None:
        """`java` on PATH is the scripted one; everything else stays."""
        java = self.folder / "bin" / "java"
        java.parent.mkdir()
        java.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{HERE}/scripted_java.py" "$@"\n')
        java.chmod(0o755)
        self._path = f"{java.parent}:{self._path}"
        database = self.document.database
        (self.home / "dsn").write_text(
            self._postgres.dsn(database.name, user=database.app_user, password=APP_PASSWORD)
        )

    def command(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """One command of the agent, to its end."""
        return subprocess.run(
            [sys.executable, "-m", "node", *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def link(self) -> None:
        """What the image's build does to the tree."""
        result = self.command("link-overlay", "--home", str(self.home))
        assert result.returncode == 0, result.stderr

    def start(self) -> "RunningNode":
        """`node run`."""
        process = ServerProcess(
            "node",
            [sys.executable, "-m", "node", "run"],
            log=self.folder / "node.log",
            environment=self.environment,
            folder=self.folder,
        )
        return RunningNode(self, process)

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": self._path,
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(PROJECT),
            "SCIPIO_INSTANCE_ID": "app-1",
            "SCIPIO_JAR": self._jar,
            "OFBIZ_HOME": str(self.home),
            "SCIPIO_RUN_FOLDER": str(self.run_folder),
            "SCIPIO_CONFIGURATION_FOLDER": str(self.configuration),
            "SCIPIO_ORIGINALS_FOLDER": str(self.folder / "originals"),
            **self.variables,
        }

    def remove(self) -> None:
        self._postgres.drop_database(self.document.database.name)


class RunningNode:
    """A node under test; left running by a test, it is killed."""

    def __init__(self, site: NodeSite, process: ServerProcess) -> None:
        self.process = process
        self._ready = site.run_folder / "ready"

    def wait_until_ready(self, *, within_s: float) -> float:
        return self.process.wait_until_usable(self._ready.exists, within_s=within_s)

    def stop(self) -> int:
        return self.process.end(signal.SIGTERM, within_s=30)

    @property
    def output(self) -> str:
        return self.process.log_text()

    def processes(self) -> list[int]:
        """The agent and everything below it."""
        found = [self.process.pid]
        for pid in found:
            children = Path(f"/proc/{pid}/task/{pid}/children")
            if children.exists():
                found += [int(child) for child in children.read_text().split()]
        return found

    def __enter__(self) -> "RunningNode":
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.exit_code is None:
            self.process.send(signal.SIGTERM)
            self.process.send(signal.SIGTERM)
            wait_until("node gone", lambda: self.process.exit_code is not None, within_s=30)
