"""Defaults for each profile, as plain data: a stack file is merged over one of these tables."""

from collections.abc import Mapping
from copy import deepcopy
from functools import reduce
from typing import Any, Literal

from settings.aws import profiles as aws
from settings.sections import laid_over
from settings.visitor_paths import BLOCKED_PATHS, PUBLIC_PATHS, VIEW_PATHS

ProfileName = Literal["local", "dev", "staging", "prod"]

_TABLES: Mapping[ProfileName, tuple[Mapping[str, Any], ...]] = {
    # Tables laid one over the other, the last on top.
    # One machine, to try and to test: small, and everything published on 127.0.0.1.
    "local": (
        {
            "platform": "docker",
            "app": {"image": None, "home": None},
            "nodes": {
                "count": 2,
                "surge": 1,
                "instanceIdPrefix": "scipio",
                "instanceIds": None,
                "heapMib": 128,
                "memoryMib": 512,
                "jobThreads": 2,
                "bootTimeoutS": 300,
                "stopTimeoutS": 30,
                "drainTimeoutS": 60,
                "silenceTimeoutS": 120,
                "subscriptionWaitS": 60,
                "timeZone": "UTC",
                "locale": "en_US",
            },
            "release": {
                "mode": "rolling",
                "active": "blue",
                "blue": {},
                "green": None,
                "dropEarly": False,
            },
            "balancer": {
                "host": "localhost",
                "httpsPort": 8443,
                "httpPort": 8080,
                "statisticsPort": 8404,
                "stickinessS": 3600,
                "cookieName": "SCIPIO_NODE",
                "rootRedirect": "/admin/control/main",
                "maintenance": None,
                "publicPaths": list(PUBLIC_PATHS),
                "blockedPaths": list(BLOCKED_PATHS),
                "viewPaths": list(VIEW_PATHS),
            },
            "database": {
                # 10 requests at once on each node (contract/request_threads.py), and seven nodes.
                "maxConnections": 270,
                "poolMin": 2,
                "poolMax": 33,
                "reserve": 20,
            },
            "messaging": {"topic": "ScipioTopic", "brokerHeapMib": 128},
            "cacheClear": {"mode": "resilient", "entityExpireS": 3600},
            "search": {"enabled": False, "heapMib": 640, "memoryMib": 1056},
            "mail": {
                "relayHost": None,
                "port": 587,
                "encryption": "starttls",
                "fromAddress": None,
                "redirectTo": None,
            },
            "seed": {"readers": ["seed", "seed-initial", "ext"], "dataVersion": 1},
        },
    ),
    "dev": (aws.PROD, aws.DEV),
    "staging": (aws.PROD, aws.STAGING),
    "prod": (aws.PROD,),
}


def defaults(profile: ProfileName) -> dict[str, Any]:
    """A fresh copy of the profile's table: a caller may write into it."""
    return deepcopy(reduce(laid_over, _TABLES[profile], {}))


def stand_ins(profile: ProfileName) -> dict[str, Any]:
    """A value for each key that the profile leaves to the person; never part of any settings."""
    required = aws.REQUIRED if defaults(profile)["platform"] == "aws" else {}
    return deepcopy(dict(required))


def profile_names() -> tuple[ProfileName, ...]:
    return tuple(_TABLES)
