"""`make unlock`: who holds a stack's lock, the person's word, and the lock goes."""

import os
from dataclasses import dataclass

from pulumi.automation import ConcurrentUpdateError, StackAlreadyExistsError

from automation import offline_preview, paths
from automation.backend import LOCAL_PASSPHRASE
from automation.confirmation import confirm
from automation.console import say
from automation.engine_errors import explaining
from automation.errors import StillAtWorkError
from automation.locks import Lock, listing, read_locks
from automation.stack_state import StateReader

DANGER = (
    "A process that is still at work behind it and another update would write over each other's "
    "state. Make sure that it has ended."
)


@dataclass(frozen=True, kw_only=True)
class Unlocking:
    """One stack in the state that its platform's commands use."""

    reader: StateReader

    def unlock(self, given: str | None) -> None:
        """Take every lock of the stack away, once that is confirmed.

        Raises `StillAtWorkError` while a holder is seen at work on this machine, and
        `NotConfirmedError`.
        """
        stack, place = self.reader.stack, self.reader.place
        if not self.reader.state().exists:
            say(f"The state at {place} has no stack {stack}: nothing is locked.")
            return
        if self._is_a_service:
            confirm(stack, f"What updates stack {stack} at {place} is cancelled. {DANGER}", given)
        else:
            locks = self.locks()
            if not locks:
                say(f"Stack {stack} is not locked in the state at {place}.")
                return
            _refuse_those_at_work(stack, locks)
            confirm(stack, f"This lock of stack {stack} goes:\n{listing(locks)}\n{DANGER}", given)
        self._cancel()
        say(f"Stack {stack} is not locked any more.")

    def locks(self) -> tuple[Lock, ...]:
        """Who holds the stack's lock.

        Asked by making a stack that is there: Pulumi takes the lock first, and then refuses. It
        does so beside a copy of the stack's file, so that nothing is written.
        """
        command = ["stack", "init", self.reader.stack, "--secrets-provider", "passphrase"]
        variables = {"PULUMI_CONFIG_PASSPHRASE": LOCAL_PASSPHRASE, **self.reader.variables()}
        with (
            offline_preview.project(self.reader.stack) as project,
            explaining(f"Who holds the lock of stack {self.reader.stack} is not known"),
        ):
            try:
                self.reader.cli.run(command, str(project), variables)
            except StackAlreadyExistsError:
                return ()
            except ConcurrentUpdateError as error:
                return read_locks(str(error))
        return ()

    @property
    def _is_a_service(self) -> bool:
        """Pulumi's own service has no lock files; it says that an update runs, and not whose."""
        chosen = {**os.environ, **self.reader.variables()}.get("PULUMI_BACKEND_URL", "")
        return (chosen or self.reader.place).startswith(("https://", "http://"))

    def _cancel(self) -> None:
        stack = self.reader.stack
        with explaining(f"Stack {stack} stays locked"):
            self.reader.cli.run(
                ["cancel", "--yes", "--stack", stack], str(paths.ROOT), self.reader.variables()
            )


def _refuse_those_at_work(stack: str, locks: tuple[Lock, ...]) -> None:
    at_work = [lock for lock in locks if lock.is_at_work]
    if at_work:
        pids = " ".join(str(lock.pid) for lock in at_work)
        raise StillAtWorkError(
            f"Stack {stack} is locked by a process that is at work on this machine:\n"
            f"{listing(at_work)}\n"
            f"Wait for it, or end it in order: `kill -INT {pids}`. Nothing was touched."
        )
