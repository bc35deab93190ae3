"""Proxy variables of a company's machine, kept away from this machine's own addresses.

Pulumi's engine, the program and the providers talk gRPC over 127.0.0.1. gRPC's C core sends that to
the proxy of `grpc_proxy`, `https_proxy` or `http_proxy` unless `no_grpc_proxy`, or where that is
not set `no_proxy`, names the address (grpc, doc/environment_variables.md).

The standard library alone: `automation/python-environment` copies this file into `.venv`, so that
an ordinary `pulumi up` has it as well.
"""

import os
from collections.abc import MutableMapping

OWN_ADDRESSES = ("127.0.0.1", "localhost", "::1")
ALWAYS = ("no_proxy", "NO_PROXY")
IF_SET = ("no_grpc_proxy",)
"""Takes the place of `no_proxy` for gRPC where it is set."""
PROXIES = ("grpc_proxy", "https_proxy", "http_proxy", "all_proxy", "ftp_proxy")
EVERYTHING = "*"


def reach_directly(environ: MutableMapping[str, str] = os.environ) -> None:
    """This process and its children reach 127.0.0.1, localhost and ::1 without a proxy.

    What the user excluded stays excluded, in both spellings. `no_proxy=*` means no proxy at all;
    gRPC does not know that sign, so the proxies themselves go. Without a proxy nothing is set:
    Python on macOS would take it for a choice against the system's own proxies.
    """
    if not any(environ.get(name) for proxy in PROXIES for name in (proxy, proxy.upper())):
        return
    kept = list(dict.fromkeys(entry for name in ALWAYS for entry in _entries(environ, name)))
    if EVERYTHING in kept:
        for name in PROXIES:
            environ.pop(name, None)
            environ.pop(name.upper(), None)
        return
    for name in ALWAYS:
        environ[name] = _with_own(kept)
    for name in IF_SET:
        if name in environ:
            environ[name] = _with_own(_entries(environ, name))


def _entries(environ: MutableMapping[str, str], name: str) -> list[str]:
    return [entry.strip() for entry in environ.get(name, "").split(",") if entry.strip()]


def _with_own(entries: list[str]) -> str:
    return ",".join(dict.fromkeys([*entries, *OWN_ADDRESSES]))
