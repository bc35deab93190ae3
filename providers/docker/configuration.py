"""The provider's own configuration: where Docker listens, and nothing else."""

from providers.docker.schema import Argument, Record, Text

CONFIGURATION = Record(
    {
        "host": Argument(
            shape=Text(
                pattern=r"(unix|tcp|http|https|npipe)://.+",
                rule="an address such as unix:///var/run/docker.sock",
            ),
            replaces=False,
        ),
        # Set by the engine from the SDK, not by a person.
        "version": Argument(shape=Text(), replaces=False),
    }
)

OWNER = "the provider docker"
