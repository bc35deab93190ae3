"""The private way to S3, where the layers of images and the system's packages lie."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import ec2

from components.aws.policy_document import Statement, policy_document
from components.aws.surroundings import AwsSurroundings


@dataclass(frozen=True, kw_only=True)
class S3EndpointArgs:
    """`route_table_ids` are those of the subnets that get this way. `buckets` are further ones, of
    other accounts, whose objects anybody may read and write who has the right there.
    """

    surroundings: AwsSurroundings
    vpc_id: pulumi.Input[str]
    route_table_ids: Sequence[pulumi.Input[str]]
    buckets: Sequence[str]


class S3Endpoint(pulumi.ComponentResource):
    """Requests to S3 of this region pass through no NAT and cost nothing by the byte.

    Through it, this account's identities reach what their own policies allow; everyone else reads
    image layers and packages of Amazon Linux, the buckets that the stack names, and nothing more.
    """

    prefix_list_id: pulumi.Output[str]
    """S3's addresses, for a security group's way out."""

    def __init__(
        self, name: str, args: S3EndpointArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:aws:S3Endpoint", name, None, opts)
        surroundings = args.surroundings
        logical_name = surroundings.named("s3")
        endpoint = ec2.VpcEndpoint(
            logical_name,
            vpc_id=args.vpc_id,
            vpc_endpoint_type="Gateway",
            service_name=f"com.amazonaws.{surroundings.region}.s3",
            route_table_ids=args.route_table_ids,
            policy=_policy(surroundings, args.buckets),
            tags={"Name": logical_name},
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.prefix_list_id = endpoint.prefix_list_id
        self.register_outputs({"prefixListId": self.prefix_list_id})


def _policy(surroundings: AwsSurroundings, further: Sequence[str]) -> pulumi.Output[str]:
    return policy_document(
        {
            "Sid": "OwnAccount",
            "Effect": "Allow",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": "*",
            "Condition": {"StringEquals": {"aws:PrincipalAccount": surroundings.account_id}},
        },
        {
            # Layers are fetched by links that ECR signs; dnf asks without any identity
            # (AmazonECR/latest/userguide/vpc-endpoints, linux/al2023/ug/managing-repos-os-updates).
            "Sid": "ImageLayersAndPackages",
            "Effect": "Allow",
            "Principal": "*",
            "Action": "s3:GetObject",
            "Resource": [_objects(surroundings, bucket) for bucket in _buckets(surroundings)],
        },
        *([_further(surroundings, further)] if further else []),
    )


def _further(surroundings: AwsSurroundings, buckets: Sequence[str]) -> Statement:
    return {
        "Sid": "FurtherBuckets",
        "Effect": "Allow",
        "Principal": "*",
        "Action": ["s3:GetObject", "s3:PutObject"],
        "Resource": [_objects(surroundings, bucket) for bucket in buckets],
    }


def _buckets(surroundings: AwsSurroundings) -> tuple[str, str]:
    region = surroundings.region
    return f"prod-{region}-starport-layer-bucket", f"al2023-repos-{region}-de612dc2"


def _objects(surroundings: AwsSurroundings, bucket: str) -> str:
    return f"arn:{surroundings.partition}:s3:::{bucket}/*"
