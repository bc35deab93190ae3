"""PID 1: observe, decide, act, until the JVM is gone; then end with its exit code."""

import os
import sys
from collections.abc import Sequence
from dataclasses import replace

from node.act import PREPARATION, Act
from node.child import Reaper
from node.decide import decide
from node.errors import NodeError, NotNowError
from node.health_file import HealthFile
from node.identity import instance_id
from node.log import Redaction, log_from_environment
from node.observe import observe
from node.paths import NodePaths
from node.private_file import make_private_folder
from node.signals import SignalWatch
from node.situation import PAUSE_S, Phase, Situation
from node.standard_output import StandardOutput


def run(preparation: Sequence[str] = PREPARATION) -> int:
    """The node's whole life. Returns the exit code of the container."""
    signals = SignalWatch()
    output = StandardOutput()
    try:
        identity = instance_id(os.environ)
        paths = NodePaths.from_environment(os.environ)
    except NodeError as error:
        print(f"node: {error}", file=sys.stderr)
        return error.exit_code
    log = log_from_environment(output, identity, Redaction())
    act = Act(
        log=log,
        output=output,
        health=HealthFile(paths.run, identity),
        paths=paths,
        preparation=preparation,
    )
    try:
        make_private_folder(paths.run)
        return _live(signals, act, paths)
    except NodeError as error:
        log.error(str(error))
        return error.exit_code


def _live(signals: SignalWatch, act: Act, paths: NodePaths) -> int:
    situation = Situation()
    reaper = Reaper()
    while situation.phase is not Phase.GONE:
        # A probe may take its time; while the child is to end, its end must be seen at once.
        probe = situation.phase in (Phase.STARTING, Phase.SERVING)
        seen = observe(signals, reaper, act.children, paths, probe=probe)
        step = decide(situation, seen)
        try:
            situation = act(step)
        except NotNowError as error:
            # The situation is as it was: the next cycle decides the same and tries again.
            act.say_trouble(str(error))
            step = replace(step, pause_s=PAUSE_S)
        signals.wait(step.pause_s)
    return situation.exit_code or 0
