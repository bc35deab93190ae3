"""What can go wrong on the way to a running cluster, each with what to do.

`AutomationError` is the root; only `automation.__main__` prints and exits.

- `MissingToolError`: a program is not on PATH and could not be installed.
- `CommandFailedError`: a program ran and failed; carries its last lines.
- `DockerUnavailableError`: the Docker engine does not answer.
- `PortTakenError`: a port that the balancer publishes belongs to somebody else.
- `MissingArgumentError`: a command lacks what it works on.
- `UpdateFailedError`: Pulumi could not finish an update.
- `WrongPassphraseError`: the state was encrypted with another passphrase.
- `WrongPlatformError`: a command for one machine was asked for a stack that runs elsewhere.
- `AnothersClusterError`: under the cluster's name there is what another state made.
- `NotConfirmedError`: what a command would destroy was not confirmed.
- `NoStateChosenError`: a stack on AWS was asked for, and nobody logged in to a state.
- `NotDeployedError`: a command needs a running cluster and there is none.
- `StillAtWorkError`: the lock of a stack belongs to a process that works on this machine.
- `UnusableHomeError`: the place that was named for Pulumi's files cannot be written to.
- `UnreadableStateError`: what the state holds does not have the form that this version reads.
- `UnknownCheckNameError`: no check has the name that was asked for.
"""


class AutomationError(Exception):
    """Its text is for the person at the terminal."""

    exit_code = 1


class MissingToolError(AutomationError):
    """A program is not on PATH and could not be installed."""

    exit_code = 3


class CommandFailedError(AutomationError):
    """A program ran and failed."""


class DockerUnavailableError(AutomationError):
    """The Docker engine does not answer."""

    exit_code = 3


class PortTakenError(AutomationError):
    """A port that the balancer publishes belongs to somebody else."""

    exit_code = 3


class UpdateFailedError(AutomationError):
    """Pulumi could not finish an update."""


class WrongPassphraseError(AutomationError):
    """The state was encrypted with another passphrase."""

    exit_code = 3


class NotDeployedError(AutomationError):
    """A command needs a running cluster and there is none."""

    exit_code = 3


class UnreadableStateError(AutomationError):
    """What the state holds does not have the form that this version reads."""


class UnknownCheckNameError(AutomationError):
    """No check has the name that was asked for."""

    exit_code = 2


class UnusableHomeError(AutomationError):
    """The place that was named for Pulumi's log-ins and plugins cannot be written to."""

    exit_code = 3


class StillAtWorkError(AutomationError):
    """The lock of a stack belongs to a process that works on this machine."""

    exit_code = 3


class WrongPlatformError(AutomationError):
    """A command for one machine was asked for a stack that runs elsewhere."""

    exit_code = 2


class AnothersClusterError(AutomationError):
    """Under the cluster's name there is what another state made."""

    exit_code = 3


class NotConfirmedError(AutomationError):
    """What a command would destroy was not confirmed."""

    exit_code = 2


class NoStateChosenError(AutomationError):
    """A stack on AWS was asked for, and nobody logged in to a state."""

    exit_code = 3


class MissingArgumentError(AutomationError):
    """A command lacks what it works on."""

    exit_code = 2
