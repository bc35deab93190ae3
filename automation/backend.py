"""Where a stack's state is kept, and what encrypts it: the person's choice, else a folder of ours.

A stack on AWS is in the state that the person's own Pulumi uses: PULUMI_BACKEND_URL or the last
`pulumi login`. A stack on this machine is in `.state`, unless PULUMI_BACKEND_URL says otherwise: a
log-in that was meant for AWS must not move it.
"""

from collections.abc import Mapping

from automation import paths
from automation.errors import NoStateChosenError
from contract.state_place import UNKNOWN, state_place
from settings.platforms import PlatformName

LOCAL_PASSPHRASE = "scipio-local"  # noqa: S105  documented; encrypts trial passwords on one machine


def backend(platform: PlatformName, environ: Mapping[str, str]) -> dict[str, str]:
    """The variables that the CLI needs beside `environ`.

    Raises `NoStateChosenError` for a stack on AWS without a log-in.
    """
    if platform == "aws":
        if state_place(environ) == UNKNOWN:
            raise NoStateChosenError(
                "No state is chosen in which stacks on AWS are kept: log in (`pulumi login "
                "s3://…`, as docs/operations.md has it), or set PULUMI_BACKEND_URL."
            )
        return {}
    chosen: dict[str, str] = {}
    if uses_our_folder(environ):
        chosen["PULUMI_BACKEND_URL"] = paths.STATE.as_uri()
    if not {"PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"} & environ.keys():
        chosen["PULUMI_CONFIG_PASSPHRASE"] = LOCAL_PASSPHRASE
    return chosen


def uses_our_folder(environ: Mapping[str, str]) -> bool:
    """Whether a stack on this machine is kept in the checkout's own folder.

    An empty variable is none: the CLI would follow the person's log-in then.
    """
    return (environ.get("PULUMI_BACKEND_URL") or paths.STATE.as_uri()) == paths.STATE.as_uri()


def make_our_folder(environ: Mapping[str, str]) -> None:
    """The folder is there, for its owner alone, where it is the one that is used."""
    if uses_our_folder(environ):
        paths.STATE.mkdir(mode=0o700, exist_ok=True)
