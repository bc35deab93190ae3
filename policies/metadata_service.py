"""Instance metadata hold the credentials of a server's role: not for the first that asks."""

from policies import aws_types
from policies.places import expect, one_of
from policies.rule import Fault, Inputs, Rule, only

_MOST_HOPS = 1
"""For the server itself; a container is one more."""


@only(aws_types.LAUNCH_TEMPLATE)
def _tokens(inputs: Inputs) -> list[Fault]:
    change = "It must be required: IMDSv1 answers anyone who makes the server ask."
    return expect(inputs, "metadataOptions.httpTokens", one_of("required"), change)


@only(aws_types.LAUNCH_TEMPLATE)
def _hops(inputs: Inputs) -> list[Fault]:
    change = "It must be 1: a container is one hop more, and would get the role of its server."
    return expect(
        inputs,
        "metadataOptions.httpPutResponseHopLimit",
        lambda hops: hops is not None and hops <= _MOST_HOPS,
        change,
    )


RULES = (
    Rule(
        name="imdsv2-is-required",
        promise="Servers give their credentials to callers with a session token only.",
        faults=_tokens,
    ),
    Rule(
        name="metadata-stay-on-the-server",
        promise="No program in a container gets the credentials of its server.",
        faults=_hops,
    ),
)
