"""A node's keeper as a process of its own, with an incarnation that was registered before."""

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from node.database.connection import LogIn
from node.life.keep_settings import KeepSettings, write_keep_settings
from node.life.registration import register
from node.paths import keep_file, membership_file
from tests.node.life.shared_database import LIMIT_S, SharedDatabase
from tests.support.server_process import ServerProcess, wait_until

PROJECT = Path(__file__).parents[3]
BEAT_EVERY_S = 0.3
POOL_MAX = 3


class RunningKeeper:
    """`python3 -m node keep` of one node."""

    def __init__(
        self,
        folder: Path,
        shared: SharedDatabase,
        instance_id: str,
        *,
        log_in: LogIn | None = None,
    ) -> None:
        self.folder = folder / instance_id
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self.instance_id = instance_id
        self.settings = KeepSettings(
            instance_id=instance_id,
            incarnation=register(shared.eye, instance_id, "host", dead_after_s=LIMIT_S),
            log_in=log_in or shared.log_in("is replaced"),
            pool_max=POOL_MAX,
            beat_every_s=BEAT_EVERY_S,
            dead_after_s=LIMIT_S,
        )
        write_keep_settings(keep_file(self.folder), self.settings)
        self.process = self.start()

    def start(self) -> ServerProcess:
        """Another process for the same run of the node."""
        self.process = ServerProcess(
            f"keeper of {self.instance_id}",
            [sys.executable, "-P", "-m", "node", "keep"],
            log=self.folder / "log",
            environment={
                **os.environ,
                "PYTHONPATH": str(PROJECT),
                "SCIPIO_RUN_FOLDER": str(self.folder),
            },
            folder=self.folder,
        )
        return self.process

    @property
    def membership_file(self) -> Path:
        return membership_file(self.folder)

    @property
    def membership(self) -> dict[str, Any]:
        """What it said last; empty before its first word."""
        file = self.membership_file
        said: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}
        return said

    def wait_for(self, **said: object) -> None:
        """Until its membership holds these fields."""
        wait_until(
            f"{self.instance_id} says {said}, not {self.membership}\n{self.process.log_text()}",
            lambda: said.items() <= self.membership.items(),
            within_s=60,
        )

    def remove(self) -> None:
        if self.process.exit_code is None:
            self.process.end(signal.SIGKILL)
