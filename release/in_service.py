"""A group has as many servers in service as it must have at least."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from release.errors import NotInServiceError
from release.patience import Patience, Say, Wait
from release.server_group import GroupState


class Serving(Protocol):
    """`release.server_group.ServerGroup`, as far as it is asked here."""

    name: str

    def state(self) -> GroupState | None: ...

    def failed_activities(self, since: datetime) -> list[str]: ...


@dataclass(frozen=True, kw_only=True)
class InService:
    """At least `least` servers of `group` serve; more are as good."""

    group: Serving
    least: int
    patience: Patience
    say: Say

    def wait(self) -> None:
        """Returns when it is so. Raises `NotInServiceError`, `CloudError`.

        A launch that failed ends nothing: the group tries again, in another zone.
        """
        began = datetime.now(UTC)
        wait = Wait(self.patience, self.say)
        while True:
            serving = self._serving()
            if serving >= self.least:
                return
            failed = list(dict.fromkeys(self.group.failed_activities(began)))
            wait.say(
                f"{self.group.name}: {serving} of {self.least} servers in service"
                + (f"; a launch failed, the group tries again: {failed[0]}" if failed else "")
            )
            if wait.is_over:
                raise NotInServiceError(self._why(serving, failed))
            wait.pause()

    def _serving(self) -> int:
        state = self.group.state()
        if state is None:
            raise NotInServiceError(f"{self.group.name}: there is no such group any more.")
        return state.in_service

    def _why(self, serving: int, failed: list[str]) -> str:
        launches = f" Launches failed: {'; '.join(failed)}." if failed else ""
        return (
            f"{self.group.name}: {serving} servers are in service after "
            f"{self.patience.limit_s:.0f} s, and {self.least} must be.{launches} A node that does "
            "not get ready says why in the stack's log group. The group goes on trying; the same "
            "command again goes on waiting."
        )
