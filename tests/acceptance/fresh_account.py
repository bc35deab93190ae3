"""Moto, as an account that was opened today: run by the emulator's own Python.

Moto knows the default quotas of `vpc` alone. The others are those that AWS documents for every
account, and for processors what new accounts get.
"""

import sys
from typing import Any

from moto.server import main  # type: ignore[import-not-found] # in the emulator's environment
from moto.servicequotas.exceptions import (  # type: ignore[import-not-found] # there too
    NoSuchResource,
)
from moto.servicequotas.models import (  # type: ignore[import-not-found] # there too
    VPC_DEFAULT_QUOTAS,
    ServiceQuotasBackend,
)

FRESH = {
    ("ec2", "L-0263D0A3"): 5.0,
    ("ec2", "L-1216C47A"): 5.0,
    ("elasticloadbalancing", "L-53DA6B97"): 50.0,
    ("elasticloadbalancing", "L-69A177A2"): 50.0,
    ("elasticloadbalancing", "L-7EED9B64"): 100.0,
    ("rds", "L-7B6409FD"): 40.0,
    ("elasticfilesystem", "L-848C634D"): 1000.0,
}
"""Service and code → value."""


def quota(_backend: Any, service_code: str, quota_code: str) -> dict[str, Any]:
    """In the form of the API."""
    known = {("vpc", each["QuotaCode"]): each["Value"] for each in VPC_DEFAULT_QUOTAS} | FRESH
    if (service_code, quota_code) not in known:
        raise NoSuchResource
    return {
        "ServiceCode": service_code,
        "QuotaCode": quota_code,
        "Value": known[service_code, quota_code],
    }


if __name__ == "__main__":
    ServiceQuotasBackend.get_service_quota = quota
    main(sys.argv[1:])
