"""`scipio:cdn`: CloudFront in front of the load balancer."""

from typing import Annotated, Final, Literal

from pydantic import Field

from contract.names import PathPrefix
from settings.aws.names import CertificateArn
from settings.section import Section

BEHAVIOURS_MAX: Final = 75
"""Of one distribution, the one for everything else included
(AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits, Cache behaviors per distribution)."""

ORIGIN_TIMEOUT_UNASKED_S: Final = 120
"""The longest that CloudFront waits for its origin without a raised quota (the same page, Response
timeout per origin)."""


class Cdn(Section):
    """CloudFront in front of the load balancer: static files from near the visitor."""

    enabled: bool
    """Whether there is one. Then `balancer.host` leads to it, and it to the load balancer."""
    required: bool
    """Whether visitors are served only through it. False: those who come to the load balancer
    itself are served too, while it is turned on or off in a cluster that is used."""
    static_paths: Annotated[tuple[PathPrefix, ...], Field(min_length=1)]
    """Each with all below: kept near visitors. Everything else passes through untouched."""
    max_age_s: Annotated[int, Field(ge=0, le=31_536_000)]
    """How long a static file may be kept where the node says nothing itself."""
    origin_timeout_s: Annotated[int, Field(ge=1, le=180)]
    """How long CloudFront waits for a node that says nothing, and then answers 504. More than 120
    needs a quota that AWS has raised for the account."""
    price_class: Literal["PriceClass_100", "PriceClass_200", "PriceClass_All"]
    """Where in the world CloudFront answers: 100 is North America and Europe."""
    certificate_arn: CertificateArn | None
    """A certificate in us-east-1, where CloudFront looks; null issues one there."""
