"""Does what was decided: starts, asks, kills; says it; writes the health file; shows the sign."""

import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from node.balancer_sign import BalancerSign
from node.child import Child
from node.health_file import HealthFile
from node.launch import Launch, read_launch
from node.log import Log
from node.observe import Children
from node.paths import NodePaths
from node.situation import Action, Limits, Phase, Situation, Step
from node.standard_output import ChildOutput, StandardOutput
from node.warm_up import WarmUp

PREPARATION = (sys.executable, "-P", "-m", "node", "prepare")
"""`-P`: the working directory is the ERP's tree; nothing in it may pass for a module of ours."""
LAST_WORDS_S = 2.0
"""How long the end of a child's output is waited for when something it started keeps the pipe."""


class Act:
    """Holds what belongs to the process and not to the decision: children, launch, health file."""

    def __init__(
        self,
        *,
        log: Log,
        output: StandardOutput,
        health: HealthFile,
        paths: NodePaths,
        preparation: Sequence[str],
    ) -> None:
        self._log = log
        self._output = output
        self._health = health
        self._paths = paths
        self._preparation = preparation
        self._said = ""
        self._trouble = ""
        self._sign = BalancerSign(say=log.error)
        self._child: Child | None = None
        self._companion: Child | None = None
        self._launch: Launch | None = None
        self._warm_up: WarmUp | None = None

    @property
    def children(self) -> Children:
        """Whom to look after now."""
        return Children(self._child, self._companion, self._launch, self._warm_up)

    def __call__(self, step: Step) -> Situation:
        """The situation after the step.

        Raises ConfigurationError when a child cannot start, and NotNowError when it cannot now:
        then the step is not done.
        """
        if step.situation.phase is Phase.GONE:
            self._clear_away()
        self._say(step)
        self._sign.show(step.sign)
        situation = self._do(step)
        self._report(step)
        return situation

    def say_trouble(self, sentence: str) -> None:
        """Once, as long as nothing else is the trouble."""
        if sentence != self._trouble:
            self._trouble = sentence
            self._log.error(f"{sentence} It is tried again.")

    def _report(self, step: Step) -> None:
        """A report that cannot be written ages: the platform calls the node unhealthy, it lives."""
        try:
            self._health.write(phase=step.situation.phase, ready=step.ready, sentence=step.sentence)
        except OSError as error:
            self._log.error(f"{error.filename}: the health report cannot be written: {error}.")

    def _do(self, step: Step) -> Situation:
        if step.action is Action.START_PREPARATION:
            self._child = Child(self._preparation, output=None)
        elif step.action is Action.JOIN:
            return self._join(step.situation)
        elif step.action is Action.START_JVM:
            self._start_jvm()
        elif step.action is Action.BEGIN_WARM_UP:
            self._begin_warm_up()
        elif step.action is Action.START_COMPANION:
            self._start_companion()
        else:
            self._signal(step.action)
        return step.situation

    def _signal(self, action: Action) -> None:
        child, companion = self._child, self._companion
        if child is not None:
            if action is Action.ASK_TO_END:
                child.send(signal.SIGTERM)
            elif action is Action.DUMP_THREADS:
                child.send(signal.SIGQUIT)
            elif action is Action.KILL:
                child.kill_session()
        if companion is not None:
            if action is Action.TELL_TO_DRAIN:
                companion.send(signal.SIGUSR1)
            elif action is Action.ASK_COMPANION_TO_END:
                companion.send(signal.SIGTERM)
            elif action is Action.KILL_COMPANION:
                companion.kill_session()

    def _clear_away(self) -> None:
        for child in (self._child, self._companion):
            if child is not None:
                child.kill_session()
        if self._child is not None and self._child.output is not None:
            self._child.output.finish(LAST_WORDS_S)

    def _join(self, situation: Situation) -> Situation:
        launch = read_launch(self._paths.launch)
        self._launch = launch
        self._listen(launch.sign_port)
        if launch.companion:
            self._start_companion()
        return replace(
            situation,
            has_companion=bool(launch.companion),
            awaits_subscription=launch.awaits_subscription,
            warm_up_due=launch.warm_up_page is not None,
            limits=Limits(
                boot_s=launch.boot_timeout_s,
                stop_s=launch.stop_timeout_s,
                drain_s=launch.drain_timeout_s,
                silence_s=launch.silence_timeout_s,
                pool_stuck_s=launch.pool_stuck_s,
                subscription_s=launch.subscription_wait_s,
                parting_s=launch.parting_s,
            ),
        )

    def _listen(self, port: int) -> None:
        """Without its sign a node is used all the same; it only parts less gently."""
        try:
            self._sign.listen(port)
        except (OSError, RuntimeError) as error:
            self._log.error(f"port {port}: the balancer's sign cannot be shown there: {error}.")

    def _start_companion(self) -> None:
        """What an earlier one said must not be taken for its word."""
        self._paths.membership.unlink(missing_ok=True)
        if self._launch is not None:
            self._companion = Child(self._launch.companion, output=None)

    def _start_jvm(self) -> None:
        """What an earlier one said of its subscription must not be taken for its word."""
        self._paths.cache_clear_figures.unlink(missing_ok=True)
        if self._launch is not None:
            self._child = Child(
                self._launch.command,
                folder=Path(self._launch.folder),
                output=ChildOutput(self._output),
            )

    def _begin_warm_up(self) -> None:
        launch = self._launch
        if launch is not None and launch.warm_up_page is not None:
            self._warm_up = WarmUp(
                launch.http_port, path=launch.warm_up_page, limit_s=launch.warm_up_s
            )
            self._warm_up.begin()

    def _say(self, step: Step) -> None:
        output = self._child.output if self._child is not None else None
        if step.sentence != self._said:
            self._said = step.sentence
            code = step.situation.exit_code
            write = self._log.error if step.show_evidence else self._log.info
            write(
                step.sentence,
                phase=step.situation.phase,
                **({} if code is None else {"exit": code}),
            )
        if step.show_evidence and output is not None:
            for line in output.last_lines():
                self._log.error(f"last output: {line}")
