"""A bucket for logs that one AWS service writes and nobody outside the account reads."""

from dataclasses import dataclass

import pulumi
from pulumi_aws import s3

from components.aws.policy_document import Condition, Principal, Statement, policy_document
from components.aws.surroundings import AwsSurroundings

_STALE_UPLOAD_DAYS = 7


@dataclass(frozen=True, kw_only=True)
class LogBucketArgs:
    """`part` ends the bucket's name. `writer` may put files below `folder`, on `condition`.

    `retention_days` is how long a file is kept.
    """

    surroundings: AwsSurroundings
    part: str
    retention_days: int
    writer: Principal
    folder: str
    condition: Condition | None = None


class LogBucket(pulumi.ComponentResource):
    """A private bucket that takes and gives nothing without TLS.

    Encrypted with S3's own keys: load balancers write to no other. With protection off, deleting
    the stack deletes the bucket and the logs in it.
    """

    bucket_name: pulumi.Output[str]
    bucket_arn: pulumi.Output[str]
    """Both are known once writing is allowed: a service tries it as soon as it is told to."""

    def __init__(
        self, name: str, args: LogBucketArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:aws:LogBucket", name, None, opts)
        self._args = args
        self._name = args.surroundings.named(args.part)
        self._children = pulumi.ResourceOptions(parent=self)
        protect = args.surroundings.protect
        bucket = s3.Bucket(
            self._name,
            force_destroy=not protect,
            opts=pulumi.ResourceOptions(parent=self, protect=protect),
        )
        self._encrypt(bucket)
        self._expire(bucket)
        self.bucket_name = self._close(bucket).bucket
        self.bucket_arn = pulumi.Output.all(bucket.arn, self.bucket_name).apply(
            lambda both: both[0]
        )
        self.register_outputs({"bucketName": self.bucket_name})

    def _encrypt(self, bucket: "s3.Bucket") -> None:
        s3.BucketServerSideEncryptionConfiguration(
            self._name,
            bucket=bucket.bucket,
            rules=[
                s3.BucketServerSideEncryptionConfigurationRuleArgs(
                    apply_server_side_encryption_by_default=s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
                        sse_algorithm="AES256"
                    )
                )
            ],
            opts=self._children,
        )

    def _expire(self, bucket: "s3.Bucket") -> None:
        s3.BucketLifecycleConfiguration(
            self._name,
            bucket=bucket.bucket,
            rules=[
                s3.BucketLifecycleConfigurationRuleArgs(
                    id="retention",
                    status="Enabled",
                    filter=s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
                    expiration=s3.BucketLifecycleConfigurationRuleExpirationArgs(
                        days=self._args.retention_days
                    ),
                    abort_incomplete_multipart_upload=s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(
                        days_after_initiation=_STALE_UPLOAD_DAYS
                    ),
                )
            ],
            opts=self._children,
        )

    def _close(self, bucket: "s3.Bucket") -> "s3.BucketPolicy":
        ownership = s3.BucketOwnershipControls(
            self._name,
            bucket=bucket.bucket,
            rule=s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced"),
            opts=self._children,
        )
        block = s3.BucketPublicAccessBlock(
            self._name,
            bucket=bucket.bucket,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=self._children,
        )
        return s3.BucketPolicy(
            self._name,
            bucket=bucket.bucket,
            policy=policy_document(self._writing(bucket), _nothing_without_tls(bucket)),
            # S3 refuses two changes of a bucket's access at the same time.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[ownership, block]),
        )

    def _writing(self, bucket: "s3.Bucket") -> Statement:
        args = self._args
        statement: Statement = {
            "Sid": "LogsAreWritten",
            "Effect": "Allow",
            "Principal": args.writer,
            "Action": "s3:PutObject",
            "Resource": pulumi.Output.concat(bucket.arn, f"/{args.folder}/*"),
        }
        if args.condition is not None:
            statement["Condition"] = args.condition
        return statement


def _nothing_without_tls(bucket: "s3.Bucket") -> Statement:
    return {
        "Sid": "NothingWithoutTls",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [bucket.arn, pulumi.Output.concat(bucket.arn, "/*")],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
