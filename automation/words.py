"""Which commands serve which platform: the one place that knows, asked before anything is opened.

A stack on AWS is brought up and destroyed by Pulumi itself, with the person's own log-in; what
reads (`reads`) serves both platforms where it can, and never makes or changes a stack.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from automation import paths
from automation.errors import WrongPlatformError
from settings.platforms import PlatformName
from settings.stack_file import STACK_FOLDER, stack_platform

_MEASURES = "it measures containers of one machine"


@dataclass(frozen=True, kw_only=True)
class Word:
    """A command that takes `STACK=`."""

    reads: bool = False
    """It selects a stack and its state, and writes neither state nor stack file."""
    on_aws: str | None = None
    """What to do instead for a stack on AWS, with `{stack}` for its name; None: it serves it."""
    on_docker: str | None = None
    """What to do instead for a stack on this machine; None: it serves it."""

    def instead(self, platform: PlatformName) -> str | None:
        """What to do instead on that platform; None: it serves it."""
        return self.on_aws if platform == "aws" else self.on_docker


WORDS: Mapping[str, Word] = {
    "up": Word(on_aws="`pulumi up -s {stack}` brings it up"),
    "down": Word(
        on_aws="`pulumi destroy -s {stack}` removes it, and docs/operations.md, “Tear down”, says "
        "what must be done before"
    ),
    "release": Word(on_docker="`make up` is a release there"),
    "colours": Word(reads=True),
    "unlock": Word(),
    "preview": Word(reads=True),
    "preflight": Word(reads=True, on_docker="`make preview` says what this machine lacks"),
    "permissions": Word(reads=True, on_docker="no permission of AWS is needed on this machine"),
    "check": Word(reads=True),
    "faults": Word(
        reads=True,
        on_aws="docs/operations.md, “When something fails”, has the drill for each of its parts",
    ),
    "outputs": Word(reads=True),
    "password": Word(
        reads=True,
        on_aws="`aws secretsmanager get-secret-value --query SecretString --output text "
        '--secret-id "$(pulumi stack output administratorSecret -s {stack})"` prints it',
    ),
    "node-boot-bench": Word(reads=True, on_aws=_MEASURES),
    "erp-cache-clear-bench": Word(on_aws=_MEASURES),
}

_SERVED: Mapping[PlatformName, str] = {
    "aws": "clusters on one machine (`scipio:profile: local`)",
    "docker": "clusters on AWS (`scipio:profile: prod`)",
}
"""Platform that a word does not serve → what it is for."""


def platform_for(word: str, stack: str) -> PlatformName:
    """The platform of `stack`, which `word` serves.

    Raises `WrongPlatformError` where it does not, `StackFileError` or `SettingsError` where the
    stack's file does not say.
    """
    platform = stack_platform(stack, paths.ROOT / STACK_FOLDER)
    instead = WORDS[word].instead(platform)
    if instead is not None:
        raise WrongPlatformError(
            f"Stack {stack} runs on {platform}, and `make {word}` is for {_SERVED[platform]}: "
            f"{instead.format(stack=stack)}."
        )
    return platform
