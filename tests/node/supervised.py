"""A real agent over a scripted child, without document and database."""

import json
import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

from node.launch import Launch, write_launch
from tests.support.server_process import ServerProcess, free_port, wait_until

SCRIPTED_CHILD = Path(__file__).with_name("scripted_child.py")
SCRIPTED_COMPANION = Path(__file__).with_name("scripted_companion.py")
PROJECT = Path(__file__).resolve().parents[2]
_AGENT = """
import ctypes, sys
from node.run import run
PR_SET_CHILD_SUBREAPER = 36
assert ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1) == 0
sys.exit(run(preparation=sys.argv[1:]))
"""
"""As a subreaper a process gets orphans as PID 1 does, without a container."""


class SupervisedNode:
    """`node run`, whose preparation is a scripted child too. Ended by the test."""

    def __init__(
        self,
        folder: Path,
        *child: str,
        preparation: tuple[str, ...] = ("--exit", "0"),
        command: tuple[str, ...] | None = None,
        boot_timeout_s: float = 30,
        stop_timeout_s: float = 20,
        drain_timeout_s: float = 60,
        silence_timeout_s: float = 600,
        subscription_wait_s: float = 0,
        warm_up_page: str | None = None,
        companion: tuple[str, ...] | None = None,
        serves: bool = False,
        environment: dict[str, str] | None = None,
    ) -> None:
        self.run_folder = folder / "run"
        self.run_folder.mkdir()
        self.port = free_port()
        self.sign_port = free_port()
        if serves:
            child = (*child, "--port", str(self.port))
        write_launch(
            self.run_folder / "launch.json",
            Launch(
                command=command or (sys.executable, str(SCRIPTED_CHILD), *child),
                folder=str(folder),
                companion=()
                if companion is None
                else (sys.executable, str(SCRIPTED_COMPANION), str(self.run_folder), *companion),
                sign_port=self.sign_port,
                warm_up_page=warm_up_page,
                warm_up_s=60,
                awaits_subscription=subscription_wait_s > 0,
                drain_timeout_s=drain_timeout_s,
                silence_timeout_s=silence_timeout_s,
                pool_stuck_s=60,
                subscription_wait_s=subscription_wait_s,
                parting_s=0.2,
                http_port=self.port,
                health_port=self.port,
                health_path="/health",
                boot_timeout_s=boot_timeout_s,
                stop_timeout_s=stop_timeout_s,
            ),
        )
        self._arguments = [sys.executable, str(SCRIPTED_CHILD), *preparation]
        self._folder = folder
        self._environment = {
            **os.environ,
            "PYTHONPATH": str(PROJECT),
            "SCIPIO_INSTANCE_ID": "app-1",
            "OFBIZ_HOME": str(folder),
            "SCIPIO_RUN_FOLDER": str(self.run_folder),
            **(environment or {}),
        }
        self.process: ServerProcess

    def start(self) -> "SupervisedNode":
        self.process = ServerProcess(
            "agent",
            [sys.executable, "-c", _AGENT, *self._arguments],
            log=self._folder / "output",
            environment=self._environment,
            folder=PROJECT,
        )
        return self

    def wait_for(self, text: str, *, times: int = 1) -> None:
        """Until the output holds `text` that often."""
        self.process.wait_until_usable(lambda: self.output.count(text) >= times, within_s=15)

    def exit_code(self) -> int:
        return self.process.wait_for_exit(within_s=15)

    @property
    def output(self) -> str:
        return self.process.log_text()

    @property
    def health(self) -> dict[str, Any]:
        report: dict[str, Any] = json.loads((self.run_folder / "health.json").read_text())
        return report

    @property
    def ready_file(self) -> Path:
        return self.run_folder / "ready"

    def sign(self) -> str:
        """What the balancer is sent."""
        with socket.create_connection(("127.0.0.1", self.sign_port), timeout=10) as connection:
            return connection.makefile().read()

    def wait_for_sign(self, sign: str) -> None:
        wait_until(f"sign {sign!r}", lambda: self.sign() == f"{sign}\n", within_s=15)

    def write(self, name: str, text: str = "") -> None:
        """A file in the run folder, whole at once."""
        new = self.run_folder / f"{name}.test"
        new.write_text(text)
        new.replace(self.run_folder / name)

    def say_subscribed(self, *, subscribed: bool) -> None:
        """As the cluster's component does in the JVM."""
        said = {"at": time.time(), "subscribed": subscribed}
        self.write("cache-clear.json", json.dumps(said))

    def wait_for_phase(self, phase: str) -> None:
        wait_until(
            f"phase {phase}",
            lambda: (self.run_folder / "health.json").exists() and self.health["phase"] == phase,
            within_s=15,
        )

    def __enter__(self) -> "SupervisedNode":
        return self.start()

    def __exit__(self, *_: object) -> None:
        if self.process.exit_code is None:
            self.process.send(signal.SIGTERM)
            self.process.send(signal.SIGTERM)
            self.process.wait_for_exit(within_s=20)
