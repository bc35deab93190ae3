"""`python3 -m node keep`: the process beside the JVM that keeps the node's place in the cluster.

PID 1 starts it after `prepare`, and again when it dies; it goes on where it was, because the name
of this run of the node is in the settings that `prepare` wrote.
"""

import os
import sys
from pathlib import Path

from node.errors import NodeError
from node.life.decision import State, decide
from node.life.keep_settings import KeepSettings, read_keep_settings
from node.life.keeper import Keeper
from node.life.orders import OrderWatch
from node.log import Log, Redaction, log_from_environment
from node.paths import keep_file, membership_file, run_folder
from node.standard_output import StandardOutput


def keep_and_report() -> int:
    """Runs until it is ordered to leave; returns the exit code."""
    watch = OrderWatch()
    folder = run_folder(os.environ)
    try:
        settings = read_keep_settings(keep_file(folder))
    except NodeError as error:
        print(f"node keep: {error}", file=sys.stderr)
        return error.exit_code
    redact = Redaction()
    redact.hide((settings.log_in.password,))
    log = log_from_environment(StandardOutput(), settings.instance_id, redact)
    return _keep(settings, membership_file(folder), log, watch)


def _keep(settings: KeepSettings, membership: Path, log: Log, watch: OrderWatch) -> int:
    """0 when what the JVM had went back, FENCED when the others had taken it before, UNAVAILABLE
    when it did not go back: the others take it when they miss this node.
    """
    keeper = Keeper(settings, membership, log)
    situation = keeper.first_situation()
    pause_s, last, parent = 0.0, False, os.getppid()
    while not last:
        orders = watch.wait(pause_s, keeper.descriptor)
        if os.getppid() != parent:
            log.error("The node's own process is gone; its keeper must not speak for it.")
            break
        step = decide(situation, keeper.observe(orders, ask=situation.state is not State.FENCED))
        keeper.act(step)
        situation, pause_s, last = step.situation, step.pause_s, step.last
    keeper.close()
    return keeper.exit_code
