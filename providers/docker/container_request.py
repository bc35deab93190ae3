"""From the arguments of a container to what Docker's API takes (`POST /containers/create`)."""

from collections.abc import Mapping
from typing import Any

from providers.docker.durations import nanoseconds
from providers.docker.labels import label_map

MIB = 1024 * 1024

Arguments = Mapping[str, Any]


def creation_request(arguments: Arguments) -> dict[str, Any]:
    """The whole body; what is not asked for is left out, so that Docker's defaults hold."""
    body = {
        "Image": arguments["image"],
        "Cmd": arguments.get("command"),
        "Entrypoint": arguments.get("entrypoints"),
        "Env": arguments.get("envs"),
        "User": arguments.get("user"),
        "WorkingDir": arguments.get("workingDir"),
        "Hostname": arguments.get("hostname"),
        "Labels": label_map(arguments.get("labels")),
        "StopSignal": arguments.get("stopSignal"),
        "StopTimeout": arguments.get("stopTimeout"),
        "Healthcheck": _healthcheck(arguments.get("healthcheck")),
        "ExposedPorts": {_port(port): {} for port in arguments.get("ports") or []},
        "Volumes": _anonymous_volumes(arguments),
        "HostConfig": _host_config(arguments),
        "NetworkingConfig": _first_network(arguments),
    }
    return _given(body)


def further_networks(arguments: Arguments) -> list[tuple[str, dict[str, Any]]]:
    """Networks to connect after the creation, which takes one only (API 1.41)."""
    networks = arguments.get("networksAdvanced") or []
    return [(network["name"], _endpoint(network)) for network in networks[1:]]


def update_request(arguments: Arguments) -> dict[str, Any]:
    """What can change while it runs (`POST /containers/{id}/update`)."""
    return {
        "Memory": _bytes(arguments.get("memory")) or 0,
        "MemorySwap": _bytes(arguments.get("memorySwap")) or 0,
        "RestartPolicy": _restart(arguments),
    }


def _host_config(arguments: Arguments) -> dict[str, Any]:
    capabilities = arguments.get("capabilities") or {}
    return _given(
        {
            "Binds": _binds(arguments),
            "Mounts": [_mount(mount) for mount in arguments.get("mounts") or []],
            "Tmpfs": arguments.get("tmpfs"),
            "Sysctls": arguments.get("sysctls"),
            "PortBindings": _port_bindings(arguments),
            "NetworkMode": _network_mode(arguments),
            "Dns": arguments.get("dns"),
            "ExtraHosts": [f"{h['host']}:{h['ip']}" for h in arguments.get("hosts") or []],
            "Memory": _bytes(arguments.get("memory")),
            "MemorySwap": _bytes(arguments.get("memorySwap")),
            "ShmSize": _bytes(arguments.get("shmSize")),
            "ReadonlyRootfs": arguments.get("readOnly", False),
            "CapAdd": capabilities.get("adds"),
            "CapDrop": capabilities.get("drops"),
            "SecurityOpt": arguments.get("securityOpts"),
            "Ulimits": [_ulimit(limit) for limit in arguments.get("ulimits") or []],
            # The real plugin says false, too, where the argument is left out.
            "Init": arguments.get("init", False),
            "RestartPolicy": _restart(arguments),
            "LogConfig": _log_config(arguments),
        }
    )


def _given(body: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in body.items() if value not in (None, [], {})}


def _bytes(mebibytes: int | None) -> int | None:
    """Docker counts bytes, the arguments MiB; -1 is "without limit" in both."""
    if mebibytes is None or mebibytes < 0:
        return mebibytes
    return mebibytes * MIB


def _healthcheck(check: dict[str, Any] | None) -> dict[str, Any] | None:
    if check is None:
        return None
    return {
        "Test": check.get("tests") or [],
        "Interval": nanoseconds(check.get("interval", "0s")),
        "Timeout": nanoseconds(check.get("timeout", "0s")),
        "StartPeriod": nanoseconds(check.get("startPeriod", "0s")),
        "Retries": check.get("retries", 0),
    }


def _port(port: dict[str, Any]) -> str:
    return f"{port['internal']}/{port.get('protocol', 'tcp')}"


def _port_bindings(arguments: Arguments) -> dict[str, list[dict[str, str]]]:
    bindings: dict[str, list[dict[str, str]]] = {}
    for port in arguments.get("ports") or []:
        # An empty HostPort lets Docker choose a free one.
        external = str(port["external"]) if port.get("external") else ""
        binding = {"HostIp": port.get("ip", "0.0.0.0"), "HostPort": external}  # noqa: S104 - as the real plugin
        bindings.setdefault(_port(port), []).append(binding)
    return bindings


def _network_mode(arguments: Arguments) -> str | None:
    """The first network in place of Docker's default one, which is then never joined."""
    networks = arguments.get("networksAdvanced") or []
    return str(networks[0]["name"]) if networks else None


def _first_network(arguments: Arguments) -> dict[str, Any] | None:
    networks = arguments.get("networksAdvanced") or []
    if not networks:
        return None
    return {"EndpointsConfig": {networks[0]["name"]: _endpoint(networks[0])}}


def _endpoint(network: dict[str, Any]) -> dict[str, Any]:
    address = network.get("ipv4Address")
    return _given(
        {
            "Aliases": network.get("aliases"),
            "IPAMConfig": {"IPv4Address": address} if address else None,
        }
    )


def _binds(arguments: Arguments) -> list[str]:
    return [
        f"{_source(volume)}:{volume['containerPath']}:{'ro' if volume.get('readOnly') else 'rw'}"
        for volume in arguments.get("volumes") or []
        if _source(volume)
    ]


def _source(volume: dict[str, Any]) -> str:
    return str(volume.get("volumeName") or volume.get("hostPath") or "")


def _anonymous_volumes(arguments: Arguments) -> dict[str, dict[str, Any]]:
    volumes = arguments.get("volumes") or []
    return {volume["containerPath"]: {} for volume in volumes if not _source(volume)}


def _mount(mount: dict[str, Any]) -> dict[str, Any]:
    tmpfs = mount.get("tmpfsOptions") or {}
    options = {"SizeBytes": tmpfs.get("sizeBytes"), "Mode": tmpfs.get("mode")}
    return _given(
        {
            "Type": mount["type"],
            "Target": mount["target"],
            "Source": mount.get("source"),
            "ReadOnly": mount.get("readOnly", False),
            "TmpfsOptions": {key: value for key, value in options.items() if value is not None},
        }
    )


def _ulimit(limit: dict[str, Any]) -> dict[str, Any]:
    return {"Name": limit["name"], "Soft": limit["soft"], "Hard": limit["hard"]}


def _restart(arguments: Arguments) -> dict[str, Any]:
    return {
        "Name": arguments.get("restart", "no"),
        "MaximumRetryCount": arguments.get("maxRetryCount", 0),
    }


def _log_config(arguments: Arguments) -> dict[str, Any] | None:
    driver, options = arguments.get("logDriver"), arguments.get("logOpts") or {}
    return {"Type": driver or "", "Config": options} if driver or options else None
