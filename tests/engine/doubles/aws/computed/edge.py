"""What stands before the load balancer: names, certificates, firewall, CloudFront."""

import hashlib
import uuid

from tests.engine.doubles.aws.computed.new import MADE_AT, Answer, Answers, New


def _certificate(new: New) -> Answer:
    arn = new.arn("acm", f"certificate/{uuid.uuid4()}")
    domains = [new.inputs["domainName"], *(new.inputs.get("subjectAlternativeNames") or [])]
    options = [_validation(str(domain)) for domain in dict.fromkeys(domains)]
    return arn, {"arn": arn, "domainValidationOptions": options, "status": "PENDING_VALIDATION"}


def _validation(domain: str) -> dict[str, str]:
    digits = hashlib.sha256(domain.removeprefix("*.").encode()).hexdigest()[:32]
    return {
        "domainName": domain,
        "resourceRecordName": f"_{digits}.{domain.removeprefix('*.')}.",
        "resourceRecordType": "CNAME",
        "resourceRecordValue": f"_{digits[::-1]}.acm-validations.aws.",
    }


def _validated(new: New) -> Answer:
    return MADE_AT, {}


def _record(new: New) -> Answer:
    name, zone = str(new.inputs["name"]), new.inputs["zoneId"]
    return f"{zone}_{name}_{new.inputs['type']}", {"fqdn": name.rstrip(".")}


def _web_acl(new: New) -> Answer:
    id_ = str(uuid.uuid4())
    name = new.physical_name()
    scope = "regional" if new.inputs["scope"] == "REGIONAL" else "global"
    arn = new.arn("wafv2", f"{scope}/webacl/{name}/{id_}")
    return id_, {"name": name, "arn": arn, "capacity": 1000}


def _distribution(new: New) -> Answer:
    id_ = f"E{new.digits(13).upper()}"
    return id_, {
        "arn": new.arn("cloudfront", f"distribution/{id_}", everywhere=True),
        "domainName": f"d{new.digits(13)}.cloudfront.net",
        "hostedZoneId": "Z2FDTNDATAQYW2",
        "status": "Deployed",
    }


ANSWERS: Answers = {
    "aws:acm/certificate:Certificate": _certificate,
    "aws:acm/certificateValidation:CertificateValidation": _validated,
    "aws:cloudfront/distribution:Distribution": _distribution,
    "aws:route53/record:Record": _record,
    "aws:wafv2/webAcl:WebAcl": _web_acl,
}
