"""CloudFront's access logs."""

from dataclasses import dataclass

import pulumi
from pulumi_aws import cloudwatch

from components.aws.log_bucket import LogBucket, LogBucketArgs
from components.aws.policy_document import Condition
from components.aws.surroundings import AwsSurroundings

WRITER = "delivery.logs.amazonaws.com"


@dataclass(frozen=True, kw_only=True)
class CdnLogsArgs:
    """`provider` is one of `region`, CloudFront's own, where deliveries are made."""

    surroundings: AwsSurroundings
    distribution_arn: pulumi.Input[str]
    retention_days: int
    region: str
    provider: pulumi.ProviderResource


class CdnLogs(pulumi.ComponentResource):
    """Every request to the distribution, in a bucket of the stack's region.

    Deliveries and not the older way, which writes only to buckets that still have access lists.
    """

    bucket_name: pulumi.Output[str]

    def __init__(
        self, name: str, args: CdnLogsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:aws:CdnLogs", name, None, opts)
        surroundings = args.surroundings
        bucket = LogBucket(
            "bucket",
            LogBucketArgs(
                surroundings=surroundings,
                part="cdn-logs",
                retention_days=args.retention_days,
                writer={"Service": WRITER},
                folder=f"AWSLogs/{surroundings.account_id}/CloudFront",
                condition=_own_deliveries(surroundings, args.region),
            ),
            pulumi.ResourceOptions(parent=self),
        )
        self._deliver(args, bucket)
        self.bucket_name = bucket.bucket_name
        self.register_outputs({"bucketName": self.bucket_name})

    def _deliver(self, args: CdnLogsArgs, bucket: LogBucket) -> None:
        in_its_region = pulumi.ResourceOptions(parent=self, provider=args.provider)
        name = args.surroundings.named("cdn")
        source = cloudwatch.LogDeliverySource(
            name,
            log_type="ACCESS_LOGS",
            resource_arn=args.distribution_arn,
            opts=in_its_region,
        )
        destination = cloudwatch.LogDeliveryDestination(
            name,
            output_format="w3c",
            delivery_destination_configuration=cloudwatch.LogDeliveryDestinationDeliveryDestinationConfigurationArgs(
                destination_resource_arn=bucket.bucket_arn
            ),
            opts=in_its_region,
        )
        cloudwatch.LogDelivery(
            name,
            delivery_source_name=source.name,
            delivery_destination_arn=destination.arn,
            opts=in_its_region,
        )


def _own_deliveries(surroundings: AwsSurroundings, region: str) -> Condition:
    account = surroundings.account_id
    sources = f"arn:{surroundings.partition}:logs:{region}:{account}:delivery-source:*"
    return {
        "StringEquals": {
            "aws:SourceAccount": account,
            "s3:x-amz-acl": "bucket-owner-full-control",
        },
        "ArnLike": {"aws:SourceArn": sources},
    }
