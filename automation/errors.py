"""What can go wrong on the way to a running cluster, each with what to do.

`AutomationError` is the root; only `automation.__main__` prints and exits.

- `MissingToolError`: a program is not on PATH and could not be installed.
- `CommandFailedError`: a program ran and failed; carries its last lines.
- `DockerUnavailableError`: the Docker engine does not answer.
- `PortTakenError`: a port that the balancer publishes belongs to somebody else.
- `UpdateFailedError`: Pulumi could not finish an update.
- `WrongPassphraseError`: the state was encrypted with another passphrase.
- `WrongPlatformError`: a command for one machine was asked for a stack that runs elsewhere.
- `NotDeployedError`: a command needs a running cluster and there is none.
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


class WrongPlatformError(AutomationError):
    """A command for one machine was asked for a stack that runs elsewhere."""

    exit_code = 2
