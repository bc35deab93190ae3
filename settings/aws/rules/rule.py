"""What a rule on AWS is."""

from collections.abc import Callable

from contract.faults import Fault
from settings.aws.settings import AwsSettings

Rule = Callable[[AwsSettings], list[Fault]]
