"""What can go wrong on the way to a running cluster, each with what to do.

Only `automation.__main__` prints them and exits, with the code of the error's kind.
"""


class AutomationError(Exception):
    """Its text is for the person at the terminal."""

    exit_code = 1


class CommandFailedError(AutomationError):
    """A program ran and failed; carries its last lines."""


class UpdateFailedError(AutomationError):
    """Pulumi could not finish an update."""


class UnreadableStateError(AutomationError):
    """What the state holds does not have the form that this version reads."""


class UsageError(AutomationError):
    """The command, as it was given, cannot be run."""

    exit_code = 2


class MissingArgumentError(UsageError):
    """A command lacks what it works on."""


class NotConfirmedError(UsageError):
    """What a command would destroy was not confirmed."""


class UnknownCheckNameError(UsageError):
    """No check has the name that was asked for."""


class WrongPlatformError(UsageError):
    """A command for one machine was asked for a stack that runs elsewhere."""


class MachineError(AutomationError):
    """This machine, or what runs on it, must change before the command can be run."""

    exit_code = 3


class AnothersClusterError(MachineError):
    """Under the cluster's name there is what another state made."""


class DockerUnavailableError(MachineError):
    """The Docker engine does not answer."""


class MissingToolError(MachineError):
    """A program is not on PATH and could not be installed."""


class NoStateChosenError(MachineError):
    """A stack on AWS was asked for without a log-in to a state."""


class NotDeployedError(MachineError):
    """A command needs a running cluster and there is none."""


class PortTakenError(MachineError):
    """Another program holds a port that the balancer publishes."""


class StillAtWorkError(MachineError):
    """The lock of a stack belongs to a process that works on this machine."""


class UnusableHomeError(MachineError):
    """The place that was named for Pulumi's log-ins and plugins cannot be written to."""


class WrongPassphraseError(MachineError):
    """The state was encrypted with another passphrase."""
