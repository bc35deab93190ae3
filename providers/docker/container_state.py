"""From what Docker says of a container to what the state shows, and to arguments on import."""

from collections.abc import Mapping
from typing import Any

from providers.docker.codec import Properties, Value, plain
from providers.docker.container_request import MIB
from providers.docker.durations import duration_text
from providers.docker.labels import label_list

Seen = Mapping[str, Any]
"""The answer of `GET /containers/{id}/json` (or, for images, `GET /images/{name}/json`)."""

DEFAULT_ADDRESSES = ("0.0.0.0", "::", "")  # noqa: S104 - read, not bound


def computed_outputs(seen: Seen) -> Properties:
    """What only a container that exists has; arguments that are given go before these."""
    config, host = seen["Config"], seen["HostConfig"]
    outputs: Properties = {
        "bridge": (seen.get("NetworkSettings") or {}).get("Bridge", ""),
        "command": list(config.get("Cmd") or []),
        "entrypoints": list(config.get("Entrypoint") or []),
        "hostname": config.get("Hostname", ""),
        "init": bool(host.get("Init")),
        "ipcMode": host.get("IpcMode", ""),
        "logDriver": (host.get("LogConfig") or {}).get("Type", ""),
        "networkDatas": network_datas(seen),
        "platform": seen.get("Platform", ""),
        "runtime": host.get("Runtime", ""),
        "securityOpts": list(host.get("SecurityOpt") or []),
        "shmSize": (host.get("ShmSize") or 0) // MIB,
        "stopSignal": config.get("StopSignal") or "",
        "stopTimeout": config.get("StopTimeout") or 0,
    }
    if config.get("Healthcheck"):
        outputs["healthcheck"] = _healthcheck(config["Healthcheck"])
    if not seen["State"]["Running"]:
        outputs["exitCode"] = seen["State"]["ExitCode"]
    return outputs


def network_datas(seen: Seen) -> list[Value]:
    """Its addresses, one entry a network."""
    networks = (seen.get("NetworkSettings") or {}).get("Networks") or {}
    return [
        {
            "networkName": name,
            "ipAddress": network["IPAddress"],
            "ipPrefixLength": network["IPPrefixLen"],
            "gateway": network["Gateway"],
            "globalIpv6Address": network["GlobalIPv6Address"],
            "globalIpv6PrefixLength": network["GlobalIPv6PrefixLen"],
            "ipv6Gateway": network["IPv6Gateway"],
            "macAddress": network["MacAddress"],
        }
        for name, network in sorted(networks.items())
    ]


def published_ports(ports: Value, seen: Seen) -> Value:
    """The `ports` as asked for, with the numbers Docker chose where none was given."""
    if not isinstance(ports, list):
        return ports
    bound = (seen.get("NetworkSettings") or {}).get("Ports") or {}
    return [_published(port, bound) for port in ports]


def _published(port: Value, bound: Mapping[str, Any]) -> Value:
    if not isinstance(port, dict) or port.get("external") is not None:
        return port
    wanted = plain(port)
    bindings = bound.get(f"{wanted['internal']}/{wanted.get('protocol', 'tcp')}") or []
    return {**port, "external": int(bindings[0]["HostPort"])} if bindings else port


def drifted_inputs(inputs: Properties, seen: Seen) -> Properties:
    """The arguments as they hold now: only these can change in a container that exists."""
    host = seen["HostConfig"]
    policy = host.get("RestartPolicy") or {}
    now: dict[str, Any] = {
        "name": str(seen["Name"]).removeprefix("/"),
        "restart": policy.get("Name") or "no",
        "maxRetryCount": policy.get("MaximumRetryCount", 0),
        "memory": _mebibytes(host.get("Memory", 0)),
        "memorySwap": _mebibytes(host.get("MemorySwap", 0)),
    }
    changed: Properties = {
        key: value for key, value in now.items() if key in inputs and plain(inputs[key]) != value
    }
    if now["memorySwap"] <= 0:
        # A kernel without swap accounting keeps no limit, whatever was asked for.
        changed.pop("memorySwap", None)
    if plain(inputs.get("restart")) is None and now["restart"] != "no":
        changed["restart"] = now["restart"]
    if not seen["State"]["Running"] and plain(inputs.get("mustRun")) is not False:
        # Seen as "need not run", it differs from the program and is started again.
        changed["mustRun"] = False
    return {**inputs, **changed}


def imported_inputs(seen: Seen, image: Seen) -> Properties:
    """Arguments that would make this container again, as far as Docker still knows them.

    What it has from its image is left out. Uploads are lost in the file system: import cannot
    bring them back.
    """
    config, host = seen["Config"], seen["HostConfig"]
    base = image.get("Config") or {}
    found: dict[str, Value] = {
        "image": config["Image"],
        "name": str(seen["Name"]).removeprefix("/"),
        "command": _differing(config.get("Cmd"), base.get("Cmd")),
        "entrypoints": _differing(config.get("Entrypoint"), base.get("Entrypoint")),
        "envs": [env for env in config.get("Env") or [] if env not in (base.get("Env") or [])],
        "user": _differing(config.get("User"), base.get("User")),
        "workingDir": _differing(config.get("WorkingDir"), base.get("WorkingDir")),
        "labels": _added_labels(config, base),
        "networksAdvanced": _networks(seen),
        "ports": _ports(host),
        "volumes": [_volume(bind) for bind in host.get("Binds") or []],
        "tmpfs": host.get("Tmpfs"),
        "sysctls": host.get("Sysctls"),
        "init": host.get("Init"),
        "readOnly": host.get("ReadonlyRootfs"),
        "memory": _mebibytes(host.get("Memory", 0)),
        "memorySwap": _mebibytes(host.get("MemorySwap", 0)),
        "restart": (host.get("RestartPolicy") or {}).get("Name"),
        "stopTimeout": config.get("StopTimeout"),
    }
    if config.get("Healthcheck") and config["Healthcheck"] != base.get("Healthcheck"):
        found["healthcheck"] = _healthcheck(config["Healthcheck"])
    return {key: value for key, value in found.items() if value not in (None, [], {}, "", 0, False)}


def _healthcheck(check: Seen) -> Value:
    return {
        "tests": list(check.get("Test") or []),
        "interval": duration_text(check.get("Interval", 0)),
        "timeout": duration_text(check.get("Timeout", 0)),
        "startPeriod": duration_text(check.get("StartPeriod", 0)),
        "retries": check.get("Retries", 0),
    }


def _mebibytes(count: int) -> int:
    return count // MIB if count > 0 else count


def _differing(value: Value, base: Value) -> Value:
    return None if value == base else value


def _added_labels(config: Seen, base: Seen) -> list[Value]:
    inherited = base.get("Labels") or {}
    own = config.get("Labels") or {}
    return label_list({key: value for key, value in own.items() if inherited.get(key) != value})


def _networks(seen: Seen) -> list[Value]:
    networks = (seen.get("NetworkSettings") or {}).get("Networks") or {}
    short_id = str(seen["Id"])[:12]
    found: list[Value] = []
    for name, network in sorted(networks.items()):
        if name == "bridge":
            continue
        # Docker adds the short id to the aliases that were asked for.
        aliases: list[Value] = [a for a in network.get("Aliases") or [] if a != short_id]
        found.append({"name": name, "aliases": aliases} if aliases else {"name": name})
    return found


def _ports(host: Seen) -> list[Value]:
    found: list[Value] = []
    for internal, bindings in sorted((host.get("PortBindings") or {}).items()):
        number, protocol = internal.split("/")
        for binding in bindings or []:
            port: dict[str, Value] = {"internal": int(number)}
            if binding.get("HostPort"):
                port["external"] = int(binding["HostPort"])
            if binding.get("HostIp") not in DEFAULT_ADDRESSES:
                port["ip"] = binding["HostIp"]
            if protocol != "tcp":
                port["protocol"] = protocol
            found.append(port)
    return found


def _volume(bind: str) -> Value:
    source, path, *mode = bind.split(":")
    volume: dict[str, Value] = {"containerPath": path}
    volume["hostPath" if source.startswith("/") else "volumeName"] = source
    if mode and "ro" in mode[0].split(","):
        volume["readOnly"] = True
    return volume
