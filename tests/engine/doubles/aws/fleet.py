"""Servers of Auto Scaling groups, and how AWS replaces them.

A group starts servers of the version that it names. A refresh that fails takes the group and its
servers back to what the group named when the refresh began
(docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-rollback.html).
"""

import uuid
from dataclasses import dataclass
from typing import Any, Final

from tests.engine.doubles.aws.account import Account, Thing

GROUP: Final = "aws:autoscaling/group:Group"
TEMPLATE: Final = "aws:ec2/launchTemplate:LaunchTemplate"

Json = dict[str, Any]


@dataclass
class Fleet:
    """The groups of an account that is locked meanwhile."""

    account: Account

    def groups(self, names: list[str]) -> list[Thing]:
        """Those that exist, with servers as their sizes say."""
        found = [each for each in self.account.of_type(GROUP) if each.inputs["name"] in names]
        for group in found:
            self._sized(group)
        return found

    def group(self, name: str) -> Thing:
        [found] = self.groups([name])
        return found

    def servers(self, name: str) -> list[Json]:
        """`id`, `version`, `lifecycle` of each."""
        found: list[Json] = self._part("servers").setdefault(name, [])
        return found

    def refreshes(self, name: str) -> list[Json]:
        """The newest first."""
        found: list[Json] = self._part("refreshes").setdefault(name, [])
        return found

    def activities(self) -> list[Json]:
        """Launches that fail: `sentence`, and how many more of them do."""
        found: list[Json] = self.account.life.setdefault("activities", [])
        return found

    def start_refresh(self, name: str, version: str, template_id: str | None = None) -> Json:
        """All servers shall be of the version. The group names the old one meanwhile."""
        before = dict(self.group(name).inputs["launchTemplate"])
        wanted = {"id": template_id or before["id"], "version": version}
        refresh = {
            "id": str(uuid.uuid4()),
            "status": "InProgress",
            "wanted": wanted,
            "before": before,
            "reason": "",
        }
        self.refreshes(name).insert(0, refresh)
        return refresh

    def go_on(self, name: str) -> None:
        """One more step of a refresh that has not ended: one server, or its end."""
        refresh = next(iter(self.refreshes(name)), None)
        if refresh is None:
            return
        if refresh["status"] == "Cancelling":
            refresh["status"] = "Cancelled"
        elif refresh["status"] == "RollbackInProgress":
            if not self._replace_one(name, refresh["before"]["version"]):
                self._end(name, refresh, "RollbackSuccessful", refresh["before"])
        elif refresh["status"] == "InProgress":
            version = refresh["wanted"]["version"]
            reason = self.account.life.get("bad", {}).get(version)
            replaced = self._replace_one(name, version)
            if reason:
                refresh |= {"status": "RollbackInProgress", "reason": reason}
            elif not replaced:
                self._end(name, refresh, "Successful", refresh["wanted"])

    def version(self, name: str) -> str:
        """What the next server is started from."""
        return str(self.group(name).inputs["launchTemplate"]["version"])

    def template_versions(self, id_: str) -> dict[str, Json]:
        """Number → what is launched."""
        template = self.account.find(TEMPLATE, id_)
        if template is None:
            return {}
        every = [*template.earlier, template.inputs]
        return {str(number): inputs for number, inputs in enumerate(every, start=1)}

    def _end(self, name: str, refresh: Json, status: str, template: Json) -> None:
        refresh["status"] = status
        group = self.group(name)
        group.inputs["launchTemplate"] = dict(template)

    def _replace_one(self, name: str, version: str) -> bool:
        """Whether there was one to replace."""
        servers = self.servers(name)
        old = next((each for each in servers if each["version"] != version), None)
        if old is None:
            return False
        servers.remove(old)
        servers.append(_server(version))
        return True

    def _sized(self, group: Thing) -> None:
        name = str(group.inputs["name"])
        servers = self.servers(name)
        least, most = int(group.inputs["minSize"]), int(group.inputs["maxSize"])
        first = int(group.inputs.get("desiredCapacity") or least) if not servers else 0
        wanted = min(max(least, first, len(servers)), most)
        version = str(group.inputs["launchTemplate"]["version"])
        if len(servers) < wanted and self.activities():
            return
        servers.extend(_server(version) for _ in range(wanted - len(servers)))
        del servers[wanted:]

    def _part(self, name: str) -> Json:
        found: Json = self.account.life.setdefault(name, {})
        return found


def _server(version: str) -> Json:
    return {"id": f"i-{uuid.uuid4().hex[:17]}", "version": version, "lifecycle": "InService"}
