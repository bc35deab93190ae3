"""What can go wrong before the JVM runs, and the exit code that says so to the platform."""

USAGE = 64
UNAVAILABLE = 69
NOT_SERVING = 70
FENCED = 75
CONFIGURATION = 78
"""`FENCED`: the other nodes have given this one up, and its next run may join them anew.

Numbers of sysexits.h. Any other exit code is the JVM's own, or 128 + a signal that ended it."""


class NodeError(Exception):
    """Ends the node with one message: where, what was found, what is allowed, what to do."""

    exit_code = CONFIGURATION


class ConfigurationError(NodeError):
    """Document, instance id, secrets, tree or image are wrong: a restart is no help."""


class DatabaseUnavailableError(NodeError):
    """The database did not answer, or its preparation did not finish: a restart may help."""

    exit_code = UNAVAILABLE


class NotNowError(NodeError):
    """No process, thread, memory or file descriptor is to be had: there may be in a moment."""

    exit_code = UNAVAILABLE


class SecretsUnavailableError(NodeError):
    """The store of secrets did not answer, or not now: a restart may help."""

    exit_code = UNAVAILABLE


class StopOrderedError(BaseException):
    """SIGTERM came while the node was prepared. What was begun is safe to begin again.

    Like KeyboardInterrupt no Exception: a library that retries must not take it for a failure.
    """

    exit_code = 143
