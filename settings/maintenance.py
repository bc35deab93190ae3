"""`balancer.maintenance` on every platform: a page in the place of the cluster."""

from html import escape
from ipaddress import IPv4Network
from typing import Annotated

from pydantic import Field, StringConstraints

from contract.faults import Fault, Location
from contract.names import Cidr
from contract.routing import MAINTENANCE_PAGE_MAX_LENGTH
from contract.routing import Maintenance as MaintenanceRule
from settings.section import Section

PLACE: Location = ("balancer", "maintenance")


class Maintenance(Section):
    """A page with status 503 that visitors get in the place of the cluster."""

    text: Annotated[
        str,
        StringConstraints(pattern=r"^[^\x00-\x1f\x7f]+$"),
        Field(examples=["We are back at 18:00."]),
    ]
    """What the page says, as plain text; what HTML means by some signs is taken care of."""
    still_in: tuple[Cidr, ...] | None = None
    """Who is served meanwhile. Null: on AWS the addresses of `backOfficeCidrs`, else no visitor."""


def maintenance_rule(
    maintenance: Maintenance | None, offices: tuple[str, ...] = ()
) -> MaintenanceRule | None:
    """What the balancer does of it; None: visitors are served."""
    if maintenance is None:
        return None
    still_in = offices if maintenance.still_in is None else maintenance.still_in
    return MaintenanceRule(page=page(maintenance.text), still_in=still_in)


def page(text: str) -> str:
    """A whole page of one line."""
    return (
        '<!doctype html><html><head><meta charset="utf-8"><title>503</title></head>'
        f"<body><p>{escape(text)}</p></body></html>"
    )


def unusable(maintenance: Maintenance | None) -> list[Fault]:
    """A page that is too long for a load balancer, and addresses that are none."""
    if maintenance is None:
        return []
    too_long = len(page(maintenance.text).encode()) - MAINTENANCE_PAGE_MAX_LENGTH
    faults = []
    if too_long > 0:
        faults.append(
            Fault(
                place=(*PLACE, "text"),
                problem=f"the page is {too_long} bytes too long",
                hint="Say less.",
            )
        )
    return faults + [
        Fault(
            place=(*PLACE, "stillIn", index),
            problem=f"{block} is no block of IPv4 addresses, or not its first address",
        )
        for index, block in enumerate(maintenance.still_in or ())
        if not _is_block(block)
    ]


def _is_block(text: str) -> bool:
    try:
        IPv4Network(text)
    except ValueError:
        return False
    return True
