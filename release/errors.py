"""Why a release did not go through, in sentences for the person who started it.

- `RolloutFailedError`: the servers were not replaced, or were taken back.
- `NotInServiceError`: a group has fewer servers in service than it must have.
- `ShareRefusedError`: visitors were not moved, or were moved back.
- `EvidenceError`: it cannot be seen whether a colour is still used.
- `CloudError`: AWS did not answer, or refused a call.
"""


class ReleaseError(Exception):
    """Its text is for the person at the terminal."""


class RolloutFailedError(ReleaseError):
    """The servers were not replaced, or were taken back."""


class NotInServiceError(ReleaseError):
    """A group has fewer servers in service than it must have."""


class ShareRefusedError(ReleaseError):
    """Visitors were not moved, or were moved back."""


class EvidenceError(ReleaseError):
    """It cannot be seen whether a colour is still used."""


class CloudError(ReleaseError):
    """AWS did not answer, or refused a call."""
