"""What each pattern of the models means, in words: people are never shown a regular expression."""

from collections.abc import Mapping
from typing import NamedTuple


class Meaning(NamedTuple):
    """What a text must be, and one text that is so."""

    words: str
    example: str


MEANINGS: Mapping[str, Meaning] = {
    r"^[A-Za-z0-9][A-Za-z0-9_-]*$": Meaning(
        "letters, digits, hyphens and underscores, the first a letter or digit", "scipio-1"
    ),
    r"^[a-z0-9][a-z0-9-]*$": Meaning(
        "lower-case letters, digits and hyphens, the first a letter or digit", "database-password"
    ),
    r"^[a-z][a-z0-9-]*$": Meaning(
        "lower-case letters, digits and hyphens, the first a letter", "local"
    ),
    r"^[a-z][a-z0-9_]*$": Meaning(
        "lower-case letters, digits and underscores, the first a letter", "scipio_app"
    ),
    r"^[A-Za-z0-9][A-Za-z0-9._-]*$": Meaning(
        "letters, digits, dots, hyphens and underscores, the first a letter or digit", "ScipioTopic"
    ),
    r"^[A-Z][A-Z0-9_]*$": Meaning(
        "upper-case letters, digits and underscores, the first a letter", "SCIPIO_NODE"
    ),
    r"^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$": Meaning(
        "a host name or IPv4 address without scheme, port or path", "erp.example.com"
    ),
    r"^/[A-Za-z0-9/_.-]*$": Meaning(
        "a path that begins with / and holds letters, digits and / _ . - only",
        "/admin/control/main",
    ),
    r"^(/[A-Za-z0-9_.-]+)+$": Meaning(
        "a path of one name or more, without / at its end, of letters, digits and _ . -", "/shop"
    ),
    r"^\*?(/[A-Za-z0-9_.-]+)+$": Meaning(
        "a path of one name or more, without / at its end, with * before it for every webapp",
        "*/control/SOAPService",
    ),
    r"^[a-z]{2}(_[A-Z]{2})?$": Meaning("a language, or a language and a country", "en_US"),
    r"^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$": Meaning("a time zone's name", "Europe/Berlin"),
    r"^[A-Za-z0-9][A-Za-z0-9._/:@-]*$": Meaning(
        "an image's name, with its tag or digest", "scipio-erp:3.0.1"
    ),
    r"^[a-z]{2}(-[a-z]+)+-[0-9]$": Meaning("an AWS region", "eu-central-1"),
    r"^[a-z]{2}(-[a-z]+)+-[0-9][a-z]$": Meaning(
        "an availability zone's name: a region and a letter", "eu-central-1a"
    ),
    r"^[0-9]{12}$": Meaning("an AWS account id of 12 digits", "123456789012"),
    r"^arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/[^ /]+$": Meaning(
        "the ARN of a certificate in ACM",
        "arn:aws:acm:eu-central-1:123456789012:certificate/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0",
    ),
    r"^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+$": Meaning(
        "the ARN of an SNS topic", "arn:aws:sns:eu-central-1:123456789012:operations"
    ),
    r"^ami-[0-9a-f]{8,17}$": Meaning("the id of a machine image", "ami-0123456789abcdef0"),
    r"^vpc-[0-9a-f]{8,17}$": Meaning("the id of a VPC", "vpc-0123456789abcdef0"),
    r"^fs-[0-9a-f]{8,17}$": Meaning("the id of an EFS file system", "fs-0123456789abcdef0"),
    r"^subnet-[0-9a-f]{8,17}$": Meaning("the id of a subnet", "subnet-0123456789abcdef0"),
    r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$": Meaning("the name of a bucket", "partner-invoices"),
    r"^Z[A-Z0-9]{5,31}$": Meaning("the id of a hosted zone", "Z0123456789ABCDEFGHIJ"),
    r"^[0-9]{1,3}(\.[0-9]{1,3}){3}/[0-9]{1,2}$": Meaning(
        "a block of IPv4 addresses", "10.42.0.0/16"
    ),
    r"^([01][0-9]|2[0-3]):[0-5][0-9]$": Meaning("a time of day in quotes", "04:00"),
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?Z$": Meaning(
        "a moment in UTC", "2026-11-24T14:30Z"
    ),
    r"^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$": Meaning(
        "two times of day in UTC with a hyphen between", "01:00-02:00"
    ),
    r"^(mon|tue|wed|thu|fri|sat|sun):([01][0-9]|2[0-3]):[0-5][0-9]"
    r"-(mon|tue|wed|thu|fri|sat|sun):([01][0-9]|2[0-3]):[0-5][0-9]$": Meaning(
        "two moments of a week in UTC with a hyphen between", "sun:02:30-sun:03:30"
    ),
    r"^[0-9*/,-]+( [A-Za-z0-9*/,-]+){4}$": Meaning("cron's five fields", "0 7 * * MON-FRI"),
    r"^cron\([A-Za-z0-9*/,?#-]+( [A-Za-z0-9*/,?#-]+){5}\)$": Meaning(
        "cron's six fields as AWS writes them", "cron(0 22 * * ? *)"
    ),
    r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$": Meaning(
        "an e-mail address", "operations@example.com"
    ),
    r"^[A-Za-z0-9][A-Za-z0-9 _.:/=+@-]*$": Meaning(
        "letters, digits, spaces and _ . : / = + @ -, the first a letter or digit", "Team"
    ),
    r"^[A-Za-z0-9 _.:/=+@-]*$": Meaning("letters, digits, spaces and _ . : / = + @ -", "4711"),
    r"^[a-z0-9][A-Za-z0-9._/:-]*@sha256:[0-9a-f]{64}$": Meaning(
        "an image's name with its digest",
        "123456789012.dkr.ecr.eu-central-1.amazonaws.com/scipio@sha256:" + "0123456789abcdef" * 4,
    ),
    r"^[A-Za-z0-9._/-]+$": Meaning("a path within the project's folder", "image/erp"),
    r"^[A-Za-z0-9._~-]{2,100}$": Meaning("2 to 100 letters, digits and - . _ ~", "scipio"),
    r"^[a-z]([a-z0-9]|-[a-z0-9])*$": Meaning(
        "lower-case letters, digits and single hyphens, the first a letter", "scipio-prod"
    ),
    r"^[A-Za-z][A-Za-z0-9:-]*$": Meaning(
        "letters, digits, colons and hyphens, the first a letter", "rds:scipio-2026-11-24-01-05"
    ),
    r"^arn:aws[a-z-]*:secretsmanager:": Meaning(
        "the ARN of a secret in AWS Secrets Manager",
        "arn:aws:secretsmanager:eu-central-1:123456789012:secret:scipio-AbCdEf",
    ),
    r"^[^\x00-\x1f\x7f]+$": Meaning("one line of text", "We are back at 18:00."),
    r"^-----BEGIN CERTIFICATE-----": Meaning(
        "one or more certificates as PEM text", "-----BEGIN CERTIFICATE-----…"
    ),
}


def meaning_of(pattern: str) -> Meaning:
    """The words for `pattern`; a KeyError names a pattern that has none yet."""
    return MEANINGS[pattern]
