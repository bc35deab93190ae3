"""The arguments of `docker.Container`, and what a change of each means for a living one.

Which change replaces is the real plugin's choice (`resource_docker_container.go` of
terraform-provider-docker: `ForceNew`), also where it surprises: a changed `healthcheck`, `tmpfs`
or `init` is taken into the state and does not reach the container that runs.
"""

from typing import Any

from providers.docker.codec import Properties, plain
from providers.docker.durations import DURATION_PATTERN, DURATION_RULE
from providers.docker.labels import LABELS
from providers.docker.schema import Argument, ListOf, MapOf, Record, Shape, Text, Truth, Whole

TOKEN = "docker:index/container:Container"  # noqa: S105 - a type's name

NOT_REACHING = ("healthcheck", "init", "tmpfs")
"""Arguments whose change stays in the state; `replace_on_changes` makes it a new container."""

WAIT_TIMEOUT_S = 60
"""How long `wait` waits for health when `waitTimeout` does not say."""

_PATH = Text(pattern=r"/.*", rule="an absolute path in the container")
_TEXTS = ListOf(Text())
_TEXT_SET = ListOf(Text(), ordered=False)
_DURATION = Text(pattern=DURATION_PATTERN, rule=DURATION_RULE)
_MIB = Whole()


def _optional(shape: Shape, **more: Any) -> Argument:
    return Argument(shape=shape, **more)


_NETWORK = Record(
    {
        "name": Argument(shape=Text(pattern=r"\S+", rule="a network's name"), required=True),
        "aliases": _optional(_TEXT_SET, default=[]),
        "ipv4Address": _optional(Text()),
    }
)
_PORT = Record(
    {
        "internal": Argument(shape=Whole(1, 65535), required=True),
        "external": _optional(Whole(1, 65535)),
        "ip": _optional(Text(), default="0.0.0.0"),  # noqa: S104 - the real plugin's default
        "protocol": _optional(Text(pattern="tcp|udp|sctp", rule="tcp or udp"), default="tcp"),
    }
)
_VOLUME = Record(
    {
        "volumeName": _optional(Text()),
        "hostPath": _optional(Text(pattern=r"/.*", rule="an absolute path on this machine")),
        "containerPath": Argument(shape=_PATH, required=True),
        "readOnly": _optional(Truth(), default=False),
    }
)
_TMPFS_OPTIONS = Record({"sizeBytes": _optional(Whole()), "mode": _optional(Whole())})
_MOUNT = Record(
    {
        "type": Argument(
            shape=Text(pattern="bind|volume|tmpfs", rule="bind, volume or tmpfs"), required=True
        ),
        "target": Argument(shape=_PATH, required=True),
        "source": _optional(Text()),
        "readOnly": _optional(Truth(), default=False),
        "tmpfsOptions": _optional(_TMPFS_OPTIONS),
    }
)
_UPLOAD = Record(
    {
        "file": Argument(shape=_PATH, required=True),
        "content": _optional(Text()),
        "contentBase64": _optional(Text(pattern=r"[A-Za-z0-9+/\s]*={0,2}\s*", rule="base64 text")),
        "permissions": _optional(Text(pattern="0[0-7]{3}", rule="four octal digits, as 0444")),
        "executable": _optional(Truth(), default=False),
    }
)
_HEALTHCHECK = Record(
    {
        "tests": _optional(_TEXTS),
        "interval": _optional(_DURATION, default="0s"),
        "timeout": _optional(_DURATION, default="0s"),
        "startPeriod": _optional(_DURATION, default="0s"),
        "retries": _optional(Whole(), default=0),
    }
)
_CAPABILITIES = Record(
    {"adds": _optional(_TEXT_SET, default=[]), "drops": _optional(_TEXT_SET, default=[])}
)
_HOST = Record(
    {
        "host": Argument(shape=Text(), required=True),
        "ip": Argument(shape=Text(), required=True),
    }
)
_ULIMIT = Record(
    {
        "name": Argument(shape=Text(), required=True),
        "soft": Argument(shape=Whole(-1), required=True),
        "hard": Argument(shape=Whole(-1), required=True),
    }
)

ARGUMENTS = Record(
    {
        # What runs.
        "image": Argument(shape=Text(pattern=r"\S+", rule="an image's name or id"), required=True),
        "name": Argument(
            shape=Text(
                pattern=r"[a-zA-Z0-9][a-zA-Z0-9_.-]+",
                rule="letters, digits, '_', '.' and '-', at least two, e.g. node-1",
            ),
            required=True,
        ),
        "command": _optional(ListOf(Text(pattern="(?s:.+)", rule="a text with something in it"))),
        "entrypoints": _optional(_TEXTS),
        "envs": _optional(
            ListOf(Text(pattern=r"(?s:[^=]+=.*)", rule="`NAME=value`"), ordered=False)
        ),
        "user": _optional(Text()),
        "workingDir": _optional(_PATH),
        "hostname": _optional(Text()),
        "labels": _optional(LABELS),
        "init": _optional(Truth(), replaces=False),
        # Where it is reached, and what it reaches.
        "networksAdvanced": _optional(ListOf(_NETWORK, ordered=False), default=[]),
        "ports": _optional(ListOf(_PORT, ordered=False), default=[]),
        "hosts": _optional(ListOf(_HOST, ordered=False), default=[]),
        "dns": _optional(_TEXT_SET, default=[]),
        # What it keeps.
        "volumes": _optional(ListOf(_VOLUME, ordered=False), default=[]),
        "mounts": _optional(ListOf(_MOUNT, ordered=False), default=[]),
        "tmpfs": _optional(MapOf(Text()), replaces=False),
        "uploads": _optional(ListOf(_UPLOAD, ordered=False), default=[]),
        # What it may do.
        "readOnly": _optional(Truth(), default=False),
        "capabilities": _optional(_CAPABILITIES),
        "securityOpts": _optional(_TEXT_SET),
        "sysctls": _optional(MapOf(Text())),
        "ulimits": _optional(ListOf(_ULIMIT, ordered=False), default=[]),
        "memory": _optional(_MIB, replaces=False),
        "memorySwap": _optional(Whole(-1), replaces=False),
        "shmSize": _optional(_MIB),
        # How it lives and ends.
        "restart": _optional(
            Text(
                pattern="no|on-failure|always|unless-stopped",
                rule="no, on-failure, always or unless-stopped",
            ),
            default="no",
            replaces=False,
        ),
        "maxRetryCount": _optional(Whole(), default=0, replaces=False),
        "mustRun": _optional(Truth(), default=True, replaces=False),
        "healthcheck": _optional(_HEALTHCHECK, replaces=False),
        "wait": _optional(Truth(), default=False, replaces=False),
        "waitTimeout": _optional(Whole(1), default=WAIT_TIMEOUT_S, replaces=False),
        "stopSignal": _optional(Text()),
        "stopTimeout": _optional(Whole()),
        "destroyGraceSeconds": _optional(Whole(), replaces=False),
        "removeVolumes": _optional(Truth(), default=True, replaces=False),
        "logDriver": _optional(Text()),
        "logOpts": _optional(MapOf(Text()), default={}),
    }
)

COMPUTED = (
    "bridge",
    "command",
    "containerLogs",
    "entrypoints",
    "envs",
    "exitCode",
    "healthcheck",
    "hostname",
    "init",
    "ipcMode",
    "labels",
    "logDriver",
    "networkDatas",
    "platform",
    "runtime",
    "securityOpts",
    "shmSize",
    "stopSignal",
    "stopTimeout",
)


def rules(inputs: Properties) -> list[str]:
    """What Docker would refuse half way, said before anything is touched."""
    arguments = plain(inputs)
    found = [*_upload_rules(arguments), *_volume_rules(arguments)]
    if arguments.get("readOnly") is True and arguments.get("uploads"):
        found.append(
            f"arguments 'uploads' and 'readOnly' of {TOKEN}: Docker puts no file into a container "
            "whose root is read-only, not even into a volume of it; give the files by a volume "
            "or a mount, or leave 'readOnly' out"
        )
    return found


def _items(arguments: dict[str, Any], name: str) -> list[dict[str, Any]]:
    value = arguments.get(name)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _upload_rules(arguments: dict[str, Any]) -> list[str]:
    return [
        f"argument 'uploads[{index}]' of {TOKEN}: give exactly one of 'content' and 'contentBase64'"
        for index, upload in enumerate(_items(arguments, "uploads"))
        if (upload.get("content") is None) == (upload.get("contentBase64") is None)
    ]


def _volume_rules(arguments: dict[str, Any]) -> list[str]:
    return [
        f"argument 'volumes[{index}]' of {TOKEN}: give one of 'volumeName' and 'hostPath', not both"
        for index, volume in enumerate(_items(arguments, "volumes"))
        if volume.get("volumeName") is not None and volume.get("hostPath") is not None
    ]
