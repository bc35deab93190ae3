"""Instance metadata hold the credentials of a server's role: not for the first that asks."""

from policies import aws_types
from policies.places import expect, one_of
from policies.rule import Fault, Inputs, Rule, only

_MOST_HOPS = 2
"""One for the server, one more for its container."""


@only(aws_types.LAUNCH_TEMPLATE)
def _tokens(inputs: Inputs) -> list[Fault]:
    change = "It must be required: IMDSv1 answers whoever makes the server ask."
    return expect(inputs, "metadataOptions.httpTokens", one_of("required"), change)


@only(aws_types.LAUNCH_TEMPLATE)
def _hops(inputs: Inputs) -> list[Fault]:
    change = "It must be 1, or 2 for a container; more lets tokens leave the server."
    return expect(
        inputs,
        "metadataOptions.httpPutResponseHopLimit",
        lambda hops: hops is None or hops <= _MOST_HOPS,
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
        promise="Tokens of the metadata service reach a container and no further.",
        faults=_hops,
    ),
)
