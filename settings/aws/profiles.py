"""Defaults of the profiles on AWS, as plain data.

`prod` is the whole table, and the careful one. `staging` and `dev` say by name what they do
without, so that a key added later is careful everywhere until somebody decides otherwise.
"""

from collections.abc import Mapping
from typing import Any

from settings.visitor_paths import BLOCKED_PATHS, PUBLIC_PATHS, VIEW_PATHS

PROD: Mapping[str, Any] = {
    "platform": "aws",
    "aws": {"name": None, "costCentre": None, "tags": {}, "protection": True},
    "network": {
        # Not 10.0.0.0/16, which Amazon MQ uses inside (developer guide, connecting-to-amazon-mq).
        "cidr": "10.42.0.0/16",
        "nat": "per-zone",
        # The servers reach AWS through NAT; private ways to each service cost more than that.
        "interfaceEndpoints": False,
        "s3Buckets": [],
        "flowLogs": True,
        "existing": None,
    },
    "dns": {"zone": None, "certificateArn": None, "alternativeNames": []},
    "balancer": {
        # A session of the staff's (webtools/WEB-INF/web.xml). The shop's last a day, and with that
        # a visitor who comes every day would never leave a colour.
        "stickinessS": 3600,
        "rootRedirect": "/shop/",
        "maintenance": None,
        "tlsPolicy": "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
        "idleTimeoutS": 300,
        "allowedCidrs": ["0.0.0.0/0"],
        "backOfficeCidrs": [],
        "publicPaths": list(PUBLIC_PATHS),
        "blockedPaths": list(BLOCKED_PATHS),
        "viewPaths": list(VIEW_PATHS),
        "accessLogs": True,
        "accessLogRetentionDays": 90,
        "slowStartS": 60,
        "deregistrationDelayS": 120,
        "healthIntervalS": 10,
        "healthTimeoutS": 5,
        "healthyThreshold": 2,
        "unhealthyThreshold": 3,
    },
    "waf": {
        "enabled": True,
        "mode": "block",
        "rateLimit": 2000,
        "uploadPaths": [],
        "logging": True,
    },
    "cdn": {
        "enabled": False,
        "required": True,
        "staticPaths": ["/images"],
        "maxAgeS": 86_400,
        # What every account grants, of old too.
        "originTimeoutS": 60,
        "priceClass": "PriceClass_100",
        "certificateArn": None,
    },
    "image": {
        "existing": None,
        "build": None,
        "untaggedDays": 30,
        "replicate": False,
        "scanOnPush": True,
    },
    "servers": {
        "ami": None,
        "architecture": "x86_64",
        "instanceType": "m7i.large",
        "volumeGib": 40,
        "min": 2,
        "max": 4,
        "desired": None,
        "minHealthyPercent": 100,
        "maxHealthyPercent": 150,
        "schedules": [],
        "cpuTargetPercent": 60,
        "requestsPerMinuteTarget": None,
        "scaleIn": False,
        "warmupS": 120,
        "drainTimeoutS": 900,
        "detailedMonitoring": True,
    },
    "nodes": {
        "heapMib": None,
        "jobThreads": 5,
        "bootTimeoutS": 300,
        "stopTimeoutS": 60,
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
        "canaryPercent": 0,
        # Longer than the slower of the alarms takes to see a bad release.
        "watchS": 600,
        "ignoreAlarms": False,
    },
    "database": {
        "engineVersion": "16",
        "upgradeTo": None,
        "instanceClass": "db.m7g.large",
        "multiAz": True,
        "storageGib": 100,
        "maxStorageGib": 500,
        "maxConnections": None,
        "poolMin": 2,
        # 20 requests at once on each node (contract/request_threads.py).
        "poolMax": 60,
        "reserve": 20,
        "slowQueryMs": 1000,
        "idleTransactionTimeoutS": 3600,
        "backupRetentionDays": 14,
        "backupWindow": "01:00-02:00",
        "maintenanceWindow": "sun:02:30-sun:03:30",
        "applyImmediately": False,
        "finalSnapshot": True,
        "performanceInsights": True,
        "enhancedMonitoringS": 60,
        "restore": None,
    },
    "messaging": {
        "topic": "ScipioTopic",
        "deployment": "active-standby",
        # Amazon MQ recommends it, and refuses new brokers of a version before its end.
        "engineVersion": "5.19",
        "instanceType": "mq.m5.large",
        "maintenanceWindow": {"day": "SUNDAY", "time": "04:00", "timeZone": "UTC"},
        "appUser": "scipio",
        "operatorUser": "operator",
        # An operator opens it when it is needed: servers need it never.
        "consoleFromServers": False,
        "topicMemoryMib": 64,
        "pendingMessages": 10_000,
        "slowConsumerS": 60,
        "logs": True,
        "applyImmediately": False,
    },
    "files": {
        "path": "/srv/scipio/shared",
        "throughput": "elastic",
        "infrequentAccessAfterDays": 90,
        "existing": None,
        "dailyBackup": False,
    },
    "search": {
        "mode": "solr",
        "instanceType": "m7i.large",
        "port": 8983,
        "heapMib": None,
        "volumeGib": 40,
    },
    "secrets": {"kmsKey": "own", "recoveryDays": 30, "rotationDays": 90},
    "monitoring": {
        "logRetentionDays": 90,
        "keepLogs": True,
        "alarms": True,
        "alarmEmails": [],
        "alarmTopicArn": None,
        "dashboard": True,
        "monthlyBudgetUsd": None,
        "latencyP95Ms": 3000,
        "errorsPer5Minutes": 20,
    },
    "backup": {
        "enabled": True,
        # Well before the database's own windows: RDS takes one snapshot at a time.
        "schedule": "cron(0 22 * * ? *)",
        "retentionDays": 35,
        "restoreTest": "cron(0 6 1 * ? *)",
        "copyRegion": None,
        "copyRetentionDays": 35,
        "deleteWithStack": False,
    },
    "cacheClear": {"mode": "resilient", "entityExpireS": 3600},
    "mail": {
        "relayHost": None,
        "port": 587,
        "encryption": "starttls",
        "fromAddress": None,
        "redirectTo": None,
    },
    "seed": {"readers": ["seed", "seed-initial", "ext"], "dataVersion": 1},
}

STAGING: Mapping[str, Any] = {
    # As production is built, with one of what production has several of only to survive a zone.
    "aws": {"protection": False},
    "network": {"nat": "one", "flowLogs": False},
    "balancer": {"accessLogRetentionDays": 30},
    "servers": {"max": 3, "detailedMonitoring": False},
    "database": {
        "instanceClass": "db.t4g.large",
        "storageGib": 50,
        "maxStorageGib": 200,
        "backupRetentionDays": 7,
        "applyImmediately": True,
        "finalSnapshot": False,
        "enhancedMonitoringS": 0,
    },
    "messaging": {"applyImmediately": True},
    "secrets": {"recoveryDays": 7, "rotationDays": None},
    "monitoring": {"logRetentionDays": 30, "keepLogs": False, "dashboard": False},
    "backup": {"enabled": False},
}

DEV: Mapping[str, Any] = {
    # Small, single, and gone in one command; what costs by the hour is off.
    "aws": {"protection": False},
    "network": {"nat": "one", "flowLogs": False},
    "balancer": {
        "rootRedirect": "/admin/control/main",
        "accessLogs": False,
        "accessLogRetentionDays": 7,
        "deregistrationDelayS": 30,
        "slowStartS": 0,
    },
    "waf": {"enabled": False, "logging": False},
    "image": {"untaggedDays": 7},
    "servers": {
        "instanceType": "t3.medium",
        "volumeGib": 24,
        "min": 1,
        "max": 2,
        "cpuTargetPercent": None,
        "maxHealthyPercent": 200,
        "drainTimeoutS": 120,
        "detailedMonitoring": False,
    },
    "nodes": {"jobThreads": 2},
    "database": {
        "instanceClass": "db.t4g.medium",
        "multiAz": False,
        "storageGib": 20,
        "maxStorageGib": 50,
        # 10 requests at once on each node, and two colours of them.
        "poolMax": 33,
        "backupRetentionDays": 1,
        "applyImmediately": True,
        "finalSnapshot": False,
        "performanceInsights": False,
        "enhancedMonitoringS": 0,
    },
    "messaging": {
        "deployment": "single",
        "instanceType": "mq.t3.micro",
        "logs": False,
        "applyImmediately": True,
    },
    "files": {"throughput": "bursting", "infrequentAccessAfterDays": None},
    "search": {"mode": "off", "instanceType": "t3.medium"},
    "secrets": {"kmsKey": "aws", "recoveryDays": 0, "rotationDays": None},
    "monitoring": {
        "logRetentionDays": 7,
        "keepLogs": False,
        "alarms": False,
        "dashboard": False,
    },
    "backup": {"enabled": False},
}

REQUIRED: Mapping[str, Mapping[str, Any]] = {
    "aws": {"region": "eu-central-1", "allowedAccountIds": ["123456789012"]},
    "network": {"zones": ["eu-central-1a", "eu-central-1b"]},
    "balancer": {"host": "erp.example.com"},
}
"""Keys that no profile can know, with a value that stands in while the rest is checked."""
