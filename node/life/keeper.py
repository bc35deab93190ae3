"""Looks, and does what was decided: heartbeat, sweep, drain, leave. One keeper a node."""

import time
from pathlib import Path

import psycopg
from psycopg import sql

from node.database.connection import RefusedError
from node.errors import FENCED, UNAVAILABLE, DatabaseUnavailableError
from node.life import job_lock
from node.life.decision import Action, Situation, Step
from node.life.keep_settings import KeepSettings
from node.life.leave import Left, leave
from node.life.membership import write_membership
from node.life.node_state import GONE, NodeState, named
from node.life.observation import Orders, Seen, View, look
from node.life.session import Session
from node.life.sweep import forget_long_gone, sweep
from node.log import Log
from node.uptime import uptime_s

_BEAT = sql.SQL("""
UPDATE public.scipio_cluster_node SET seen_at = clock_timestamp(), state = %s
 WHERE instance_id = %s AND incarnation = %s AND state NOT IN ({gone})
""").format(gone=named(*GONE))

LEAVE_WITHIN_S = 8.0
"""Less than PID 1 waits (`node.companion.HAND_BACK_S`), with the last attempt's own limits."""
LEAVE_AGAIN_S = 0.2


class Keeper:
    """Holds what belongs to the process and not to the decision: connection, log, file."""

    def __init__(self, settings: KeepSettings, membership: Path, log: Log) -> None:
        self._settings = settings
        self._membership = membership
        self._log = log
        self._session = Session(settings)
        self._said: dict[str, str] = {}
        self._confirmed_uptime_s: float | None = None
        self.exit_code = UNAVAILABLE
        """What became of the order to leave."""

    def first_situation(self) -> Situation:
        settings = self._settings
        return Situation(
            incarnation=settings.incarnation,
            beat_every_s=settings.beat_every_s,
            dead_after_s=settings.dead_after_s,
            last_contact=time.monotonic(),
        )

    def observe(self, orders: Orders, *, ask: bool) -> Seen:
        """One look. Without `ask`, or when ordered to leave, the database is not asked."""
        if orders.leave or not ask:
            return Seen(now=time.monotonic(), orders=orders)
        try:
            view = self._look()
        except (psycopg.Error, RefusedError) as error:
            return Seen(now=time.monotonic(), orders=orders, words=_words(error))
        return Seen(now=time.monotonic(), orders=orders, view=view)

    def act(self, step: Step) -> None:
        """Everything is done, or said why not: the next look sees how it went."""
        self._say("state", step.sentence)
        if step.last and not step.actions:
            self.exit_code = FENCED
        for action in step.actions:
            try:
                self._do(action, step)
            except (psycopg.Error, RefusedError, DatabaseUnavailableError) as error:
                self._log.warning(f"Could not {action}: {_words(error)}")
                break
        self._report(step)

    @property
    def descriptor(self) -> int | None:
        """Readable when the server has ended the connection; None while there is none."""
        return self._session.descriptor

    def close(self) -> None:
        """The connection is given back and the id's lock is free."""
        self._session.close()

    def _look(self) -> View:
        """A connection that broke while nothing was asked is made anew at once: after standing
        still the server has ended it, and the answer must not wait for another cycle.
        """
        was_open = self._session.descriptor is not None
        try:
            return self._look_once()
        except psycopg.OperationalError:
            if not was_open or self._session.descriptor is not None:
                raise
        return self._look_once()

    def _look_once(self) -> View:
        return look(self._session.connection(), self._settings)

    def _do(self, action: Action, step: Step) -> None:
        if action is Action.LET_GO:
            self._session.close()
        elif action is Action.LOCK_JOBS:
            job_lock.put(self._session.connection(), self._settings.instance_id)
        elif action is Action.BEAT:
            self._beat(step.situation)
        elif action is Action.SWEEP:
            self._sweep(step.silent)
        else:
            self._leave()

    def _beat(self, situation: Situation) -> None:
        """The lock is taken by an incarnation that has just written its own row, by no other."""
        state = NodeState.DRAINING if situation.drain else NodeState.ALIVE
        settings = self._settings
        asked_at = uptime_s()
        beaten = self._session.connection().execute(
            _BEAT, (state.value, settings.instance_id, settings.incarnation)
        )
        if beaten.rowcount != 1:
            return
        self._confirmed_uptime_s = asked_at
        if not self._session.hold_lock():
            self._say("lock", "The lock of this node's id is not free yet.")

    def _sweep(self, silent: tuple[str, ...]) -> None:
        connection = self._session.connection()
        for instance_id in silent:
            outcome = sweep(connection, instance_id, dead_after_s=self._settings.dead_after_s)
            self._say(instance_id, str(outcome))
        for instance_id in forget_long_gone(connection):
            self._say(instance_id, f"Node {instance_id!r}: the heartbeat row was deleted.")

    def _leave(self) -> None:
        """Tried again until it is done or LEAVE_WITHIN_S is over: there is no later try."""
        deadline = time.monotonic() + LEAVE_WITHIN_S
        while True:
            try:
                left = self._leave_once()
            except (psycopg.Error, RefusedError, DatabaseUnavailableError):
                if time.monotonic() + LEAVE_AGAIN_S > deadline:
                    raise
                time.sleep(LEAVE_AGAIN_S)
            else:
                break
        self.exit_code = 0 if left is not None else FENCED
        self._say("state", str(left or "The others have taken over what this run of the node had."))

    def _leave_once(self) -> Left | None:
        settings = self._settings
        return leave(
            self._session.connection(),
            settings.instance_id,
            settings.incarnation,
            dead_after_s=settings.dead_after_s,
        )

    def _report(self, step: Step) -> None:
        """A report that cannot be written ages, and PID 1 sees its age."""
        try:
            write_membership(
                self._membership, self._settings.instance_id, step, self._confirmed_uptime_s
            )
        except OSError as error:
            self._log.error(f"{error.filename}: the membership cannot be written: {error}.")

    def _say(self, topic: str, sentence: str) -> None:
        """Once: what is as it was in the last cycle is not said again."""
        if self._said.get(topic) != sentence:
            self._said[topic] = sentence
            self._log.info(sentence)


def _words(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
