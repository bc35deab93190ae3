"""Shared files and buckets."""

from tests.engine.doubles.aws.computed.new import Answer, Answers, New


def _file_system(new: New) -> Answer:
    id_ = f"fs-{new.digits(17)}"
    return id_, {
        "arn": new.arn("elasticfilesystem", f"file-system/{id_}"),
        "dnsName": f"{id_}.efs.{new.where.region}.amazonaws.com",
        "ownerId": new.where.account_id,
        "performanceMode": new.inputs.get("performanceMode", "generalPurpose"),
    }


def _access_point(new: New) -> Answer:
    id_ = f"fsap-{new.digits(17)}"
    return id_, {"arn": new.arn("elasticfilesystem", f"access-point/{id_}")}


def _mount_target(new: New) -> Answer:
    id_ = f"fsmt-{new.digits(17)}"
    file_system = new.inputs["fileSystemId"]
    return id_, {
        "dnsName": f"{file_system}.efs.{new.where.region}.amazonaws.com",
        "ipAddress": f"10.42.97.{int(new.digits(2), 16)}",
        "networkInterfaceId": f"eni-{new.digits(17)}",
    }


def _bucket(new: New) -> Answer:
    name = new.physical_name("bucket")
    regional = f"{name}.s3.{new.where.region}.amazonaws.com"
    return name, {
        "bucket": name,
        "arn": f"arn:{new.where.partition}:s3:::{name}",
        "bucketDomainName": f"{name}.s3.amazonaws.com",
        "bucketRegionalDomainName": regional,
        "hostedZoneId": "Z21DNDUVLTQW6Q",
    }


def _of_bucket(new: New) -> Answer:
    return str(new.inputs["bucket"]), {}


ANSWERS: Answers = {
    "aws:efs/accessPoint:AccessPoint": _access_point,
    "aws:efs/fileSystem:FileSystem": _file_system,
    "aws:efs/mountTarget:MountTarget": _mount_target,
    "aws:s3/bucket:Bucket": _bucket,
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": _of_bucket,
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": _of_bucket,
    "aws:s3/bucketPolicy:BucketPolicy": _of_bucket,
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": _of_bucket,
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": (
        _of_bucket
    ),
    "aws:s3/bucketVersioning:BucketVersioning": _of_bucket,
}
