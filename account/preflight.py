"""All questions that a stack puts to its account before its first update, and every day after."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from account import domain, images, offerings, quotas, taken_names
from account.errors import AccountError, MissingError, UnansweredError
from account.finding import Finding, fits, lacks, unknown
from account.needs import needs
from account.plan import Plan
from account.session import Aws
from settings.aws.settings import AwsSettings

Answers = Finding | Iterable[Finding] | None


@dataclass(frozen=True, kw_only=True)
class Preflight:
    """`cluster` is what everything of the stack is tagged with. Nothing is changed."""

    aws: Aws
    plan: Plan
    settings: AwsSettings
    cluster: str
    now: datetime

    def findings(self) -> Iterator[Finding]:
        """One line after another, as it is found out.

        Raises `AccountError` without credentials or network. In another account than the stack's
        nothing more is asked: what it has says nothing of the right one.
        """
        identity = self._identity()
        yield identity
        if identity.verdict == "lacks":
            return
        for subject, question in self._questions().items():
            yield from _answered(subject, question)

    def _identity(self) -> Finding:
        try:
            caller = self.aws.ask("sts", "get_caller_identity")
        except (MissingError, UnansweredError) as refusal:
            raise AccountError(f"AWS does not say whose credentials these are: {refusal}") from (
                refusal
            )
        account, allowed = str(caller["Account"]), self.settings.aws.allowed_account_ids
        seen = f"{caller['Arn']}, {self.aws.region}"
        if account not in allowed:
            return lacks(
                f"Account {account}",
                f"{seen}; the stack allows {', '.join(allowed)}",
                "Choose other credentials (AWS_PROFILE), or write the account to "
                "aws.allowedAccountIds.",
            )
        return fits(f"Account {account}", seen)

    def _questions(self) -> dict[str, Callable[[], Answers]]:
        aws, settings, plan, cluster = self.aws, self.settings, self.plan, self.cluster
        questions: dict[str, Callable[[], Answers]] = {
            f"Quota: {need.quota.name}": lambda need=need: quotas.quota_findings(  # type: ignore[misc]
                aws, [need], cluster
            )
            for need in needs(plan, settings)
        }
        return questions | {
            "Resource policies of CloudWatch Logs": lambda: quotas.log_policy_finding(aws, plan),
            "Zones": lambda: offerings.zone_finding(aws, settings),
            "Server types": lambda: offerings.server_findings(aws, settings),
            "Database": lambda: offerings.database_findings(aws, settings),
            "Broker": lambda: offerings.broker_finding(aws, settings),
            "Machine image": lambda: images.machine_image_finding(aws, settings, self.now),
            "Node's image": lambda: images.node_image_findings(aws, settings),
            "Certificate": lambda: domain.certificate_findings(aws, settings, self.now),
            "Hosted zone": lambda: domain.zone_findings(aws, settings, cluster),
            "Names": lambda: taken_names.name_findings(aws, plan, cluster),
        }


def _answered(subject: str, question: Callable[[], Answers]) -> Iterator[Finding]:
    """What is found out; a question that is not answered is a line too."""
    try:
        answers = question()
        if isinstance(answers, Finding):
            yield answers
        else:
            yield from answers or ()
    except UnansweredError as unanswered:
        yield unknown(subject, unanswered.reason, unanswered.remedy)
    except MissingError as refusal:
        yield unknown(subject, str(refusal), "Look at the message; the rest was asked.")
