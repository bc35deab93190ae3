"""Amazon's managed rules of the firewall, and which of them the ERP cannot live with.

A rule name that Amazon does not know is ignored without a word, so every name is held against the
lists below (waf/latest/developerguide: aws-managed-rule-groups-baseline, -use-case, -ip-rep,
2026-11).
"""

from dataclasses import dataclass


class UnknownWafRuleError(Exception):
    """A group has no rule of that name; what was meant would have no effect."""


@dataclass(frozen=True, kw_only=True)
class ManagedGroup:
    """A group of rules that Amazon maintains.

    `body_rules` look into bodies and stop uploads and editors: they only mark, with the label that
    stands beside them, and a rule of ours stops what was marked outside the upload paths.
    `tolerated` never stop anything.
    """

    name: str
    part: str
    """The end of our own rule's name."""
    rules: frozenset[str]
    """All rules of the group."""
    label_prefix: str
    body_rules: dict[str, str]
    """Rule name → what its label ends in: they differ in upper and lower case."""
    tolerated: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raises UnknownWafRuleError."""
        for rule in self.counted:
            if rule not in self.rules:
                raise UnknownWafRuleError(
                    f"{self.name} has no rule {rule}; it has {', '.join(sorted(self.rules))}"
                )

    @property
    def counted(self) -> tuple[str, ...]:
        """Rules that count what they find instead of stopping it."""
        return (*self.body_rules, *self.tolerated)

    @property
    def body_labels(self) -> tuple[str, ...]:
        """What the body rules mark a request with."""
        return tuple(f"{self.label_prefix}{ending}" for ending in self.body_rules.values())


COMMON = ManagedGroup(
    name="AWSManagedRulesCommonRuleSet",
    part="common",
    label_prefix="awswaf:managed:aws:core-rule-set:",
    rules=frozenset(
        {
            "NoUserAgent_HEADER",
            "UserAgent_BadBots_HEADER",
            "SizeRestrictions_QUERYSTRING",
            "SizeRestrictions_Cookie_HEADER",
            "SizeRestrictions_BODY",
            "SizeRestrictions_URIPATH",
            "EC2MetaDataSSRF_BODY",
            "EC2MetaDataSSRF_COOKIE",
            "EC2MetaDataSSRF_URIPATH",
            "EC2MetaDataSSRF_QUERYARGUMENTS",
            "GenericLFI_QUERYARGUMENTS",
            "GenericLFI_URIPATH",
            "GenericLFI_BODY",
            "RestrictedExtensions_URIPATH",
            "RestrictedExtensions_QUERYARGUMENTS",
            "GenericRFI_QUERYARGUMENTS",
            "GenericRFI_BODY",
            "GenericRFI_URIPATH",
            "CrossSiteScripting_COOKIE",
            "CrossSiteScripting_QUERYARGUMENTS",
            "CrossSiteScripting_BODY",
            "CrossSiteScripting_URIPATH",
        }
    ),
    body_rules={
        "SizeRestrictions_BODY": "SizeRestrictions_Body",
        "CrossSiteScripting_BODY": "CrossSiteScripting_Body",
        "GenericLFI_BODY": "GenericLFI_Body",
        "GenericRFI_BODY": "GenericRFI_Body",
        "EC2MetaDataSSRF_BODY": "EC2MetaDataSSRF_Body",
    },
    # Find screens and lists of the ERP carry all their fields, above 2048 bytes.
    tolerated=("SizeRestrictions_QUERYSTRING",),
)

KNOWN_BAD_INPUTS = ManagedGroup(
    name="AWSManagedRulesKnownBadInputsRuleSet",
    part="known-bad-inputs",
    label_prefix="awswaf:managed:aws:known-bad-inputs:",
    rules=frozenset(
        {
            "JavaDeserializationRCE_HEADER",
            "JavaDeserializationRCE_BODY",
            "JavaDeserializationRCE_URIPATH",
            "JavaDeserializationRCE_QUERYSTRING",
            "Host_localhost_HEADER",
            "PROPFIND_METHOD",
            "ExploitablePaths_URIPATH",
            "Log4JRCE_HEADER",
            "Log4JRCE_QUERYSTRING",
            "Log4JRCE_BODY",
            "Log4JRCE_URIPATH",
            "ReactJSRCE_BODY",
        }
    ),
    # Nothing is tolerated: a Java program is what these are written against.
    body_rules={},
)

SQL_INJECTION = ManagedGroup(
    name="AWSManagedRulesSQLiRuleSet",
    part="sql-injection",
    label_prefix="awswaf:managed:aws:sql-database:",
    rules=frozenset(
        {
            "SQLi_QUERYARGUMENTS",
            "SQLiExtendedPatterns_QUERYARGUMENTS",
            "SQLi_BODY",
            "SQLiExtendedPatterns_BODY",
            "SQLiExtendedPatterns_HEADER",
            "SQLiExtendedPatterns_URIPATH",
            "SQLi_COOKIE",
            "SQLi_URIPATH",
        }
    ),
    body_rules={
        "SQLi_BODY": "SQLi_Body",
        "SQLiExtendedPatterns_BODY": "SQLiExtendedPatterns_Body",
    },
)

IP_REPUTATION = ManagedGroup(
    name="AWSManagedRulesAmazonIpReputationList",
    part="ip-reputation",
    label_prefix="awswaf:managed:aws:amazon-ip-list:",
    rules=frozenset(
        {"AWSManagedIPReputationList", "AWSManagedReconnaissanceList", "AWSManagedIPDDoSList"}
    ),
    body_rules={},
)

GROUPS = (IP_REPUTATION, KNOWN_BAD_INPUTS, COMMON, SQL_INJECTION)
"""In the order in which they are asked: the cheap one first. 1125 capacity units together; above
1500 a web ACL costs more (waf/latest/developerguide/aws-waf-capacity-units)."""
