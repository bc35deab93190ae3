"""One group's servers are replaced by those of another version, and it is known how that ended.

The group keeps the old version until AWS has replaced the last server, so that what fails goes back
to it, and a server that is started meanwhile or afterwards is an old one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

from release.alarms import RingingAlarm
from release.errors import RolloutFailedError
from release.patience import Patience, Say, Wait
from release.server_group import GroupState, Refresh, Replacement


class LivingGroup(Protocol):
    """`release.server_group.ServerGroup`, as far as it is asked here."""

    name: str

    def state(self) -> GroupState | None: ...

    def same_servers(self, template_id: str, one: str, other: str) -> bool: ...

    def refresh_under_way(self) -> Refresh | None: ...

    def refresh(self, id_: str) -> Refresh: ...

    def start_refresh(self, template_id: str, version: str, how: Replacement) -> str: ...

    def cancel_refresh(self) -> None: ...

    def name_default(self, template_id: str, version: str) -> None: ...

    def failed_activities(self, since: datetime) -> list[str]: ...


class LivingAlarms(Protocol):
    """`release.alarms.CloudWatchAlarms`, as far as it is asked here."""

    def ringing(self, names: Sequence[str]) -> list[RingingAlarm]: ...


@dataclass(frozen=True, kw_only=True)
class Rollout:
    """Servers of `version` of the template shall run in `group`; `say` gets the progress.

    The limit of `patience` is that of one server: a refresh may take as often so long.
    """

    group: LivingGroup
    alarms: LivingAlarms
    template_id: str
    version: str
    how: Replacement
    patience: Patience
    say: Say

    def run(self) -> str:
        """The version that all servers run and the group names. Raises `RolloutFailedError`,
        `CloudError`.

        It is another one than `version` when the group already runs the same servers under
        another number, as on the way back from a release that failed.
        """
        state = self.group.state()
        if state is None:
            return self.version
        version = self._number_of(state)
        began = datetime.now(UTC)
        patience = self._patience_for(len(state.servers))
        refresh_id = self._under_way(version, patience)
        if refresh_id is None:
            if _all_run(state, self.template_id, version):
                return version
            self._refuse_ringing_alarms()
            self.say(
                f"{self.group.name}: replacing servers by those of version {version} of the "
                f"launch template; version {state.version} stays the group's until that is done."
            )
            refresh_id = self.group.start_refresh(self.template_id, version, self.how)
        ended = self._ended(refresh_id, patience)
        if ended.status != "Successful":
            raise RolloutFailedError(self._why(ended, version, began))
        self.group.name_default(self.template_id, version)
        self.say(f"{self.group.name}: all servers run version {version}.")
        return version

    def _number_of(self, state: GroupState) -> str:
        if state.template_id == self.template_id and self.group.same_servers(
            self.template_id, state.version, self.version
        ):
            return state.version
        return self.version

    def _patience_for(self, servers: int) -> Patience:
        """One server after another, and all of them back again."""
        return replace(self.patience, limit_s=2 * max(servers, 1) * self.patience.limit_s)

    def _under_way(self, version: str, patience: Patience) -> str | None:
        """The id of the refresh that leads to `version` already; another one is called off."""
        running = self.group.refresh_under_way()
        if running is None:
            return None
        if running.version == version and running.status in {"Pending", "InProgress", "Baking"}:
            self.say(f"{self.group.name}: going on with the replacement that is under way.")
            return running.id
        self.say(
            f"{self.group.name}: a replacement that leads to version {running.version or '?'} is "
            f"under way ({running.status}); it is called off first."
        )
        if running.status not in {"Cancelling", "RollbackInProgress"}:
            self.group.cancel_refresh()
        self._ended(running.id, patience)
        return None

    def _refuse_ringing_alarms(self) -> None:
        ringing = self.alarms.ringing(self.how.alarms)
        if ringing:
            raise RolloutFailedError(
                f"{self.group.name}: nothing was replaced, because alarms ring that would call the "
                f"release off at once: {'; '.join(map(str, ringing))}. Wait until they are over. "
                "If this release is the cure, leave the alarms out: `make release STACK=… "
                "ALARMS=ignore`, or release.ignoreAlarms for as long as it takes."
            )

    def _ended(self, id_: str, patience: Patience) -> Refresh:
        wait = Wait(patience, self.say)
        while (refresh := self.group.refresh(id_)).under_way:
            wait.say(_progress(self.group.name, refresh))
            if wait.is_over:
                raise RolloutFailedError(
                    f"{self.group.name}: the replacement of servers has not ended within "
                    f"{patience.limit_s:.0f} s and goes on ({refresh.status}, "
                    f"{refresh.percent} %; {refresh.reason or 'AWS gives no reason'}). The same "
                    "command again goes on waiting; `aws autoscaling rollback-instance-refresh "
                    f"--auto-scaling-group-name {self.group.name}` takes it back."
                )
            wait.pause()
        return refresh

    def _why(self, ended: Refresh, version: str, began: datetime) -> str:
        """What AWS said, what rings, what did not start, and where that leaves the servers."""
        causes = [
            ended.reason or "AWS gives no reason",
            *(f"alarm {each}" for each in self.alarms.ringing(self.how.alarms)),
            *(f"launch: {each}" for each in dict.fromkeys(self.group.failed_activities(began))),
        ]
        now = self.group.state()
        return (
            f"{self.group.name}: the release to version {version} failed ({ended.status}): "
            f"{'; '.join(causes)}. {_left(now, version)} Log of the nodes that failed: the log "
            "group of the stack. The same command again tries once more; the old image in the "
            "stack file ends it."
        )


def _all_run(state: GroupState, template_id: str, version: str) -> bool:
    """Servers that an operator took out of service are not counted: no refresh touches them."""
    if (state.template_id, state.version) != (template_id, version):
        return False
    return all(
        server.version == version
        for server in state.servers
        if not server.lifecycle.startswith(("Terminat", "Standby", "EnteringStandby"))
    )


def _progress(name: str, refresh: Refresh) -> str:
    doing = {
        "Pending": "about to begin",
        "Baking": "watching the alarms",
        "Cancelling": "being called off",
        "RollbackInProgress": "TAKING THE OLD SERVERS BACK",
    }.get(refresh.status, "replacing servers")
    reason = f": {refresh.reason}" if refresh.reason else ""
    return f"{name}: {doing}, {refresh.percent} % done, {refresh.to_go} to go{reason}"


def _left(state: GroupState | None, version: str) -> str:
    if state is None:
        return "The group is gone."
    new = sum(server.version == version for server in state.servers)
    if state.version == version:
        return f"The group names version {version} all the same: look at it before anything else."
    if new:
        return (
            f"The group starts servers of version {state.version}; {new} of its "
            f"{len(state.servers)} still run version {version}, until the next update."
        )
    return f"The group starts servers of version {state.version}, and all of its servers run it."
