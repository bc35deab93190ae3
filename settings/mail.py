"""`scipio:mail` on every platform: how the ERP's mail leaves."""

from typing import Annotated, Literal

from pydantic import Field

from contract.cluster_document import Mail as MailRoute
from contract.faults import Fault
from contract.names import EmailAddress, Host, Port
from settings.section import Section


class Mail(Section):
    """Outgoing mail: a relay of your own, or an endpoint of Amazon SES."""

    relay_host: Annotated[Host, Field(examples=["email-smtp.eu-central-1.amazonaws.com"])] | None
    """Where the ERP hands its mail over; null leaves all of it to the tree's general.properties.
    With a host, mail of notifications is on."""
    port: Port
    """587 and 465 are for mail that is handed over; EC2 lets nothing out at 25 unless AWS was
    asked."""
    encryption: Literal["starttls", "tls", "none"]
    """`starttls` begins in the clear and changes over, as at 587; `tls` from the first byte, as at
    465; `none` is for a relay in the same network."""
    from_address: EmailAddress | None
    """The sender where a page or a store names none; null leaves the tree's own."""
    redirect_to: EmailAddress | None
    """All mail of notifications goes to this address alone: for clusters that are tried out."""


def mail_route(mail: Mail) -> MailRoute | None:
    """What the nodes are told; None: the tree's own settings stand."""
    if mail.relay_host is None:
        return None
    return MailRoute(
        relay_host=mail.relay_host,
        port=mail.port,
        encryption=mail.encryption,
        from_address=mail.from_address,
        redirect_to=mail.redirect_to,
    )


def without_a_relay(mail: Mail) -> list[Fault]:
    """What is said of mail that goes nowhere."""
    if mail.relay_host is not None:
        return []
    given = {"fromAddress": mail.from_address, "redirectTo": mail.redirect_to}
    return [
        Fault(
            place=("mail", key),
            others=(("mail", "relayHost"),),
            problem="is for mail that is handed to a relay, and there is none",
            hint="Name one in mail.relayHost, or leave this out.",
        )
        for key, value in given.items()
        if value is not None
    ]
