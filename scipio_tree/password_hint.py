"""The log-in page's hint of the administrator's seeded user name and password.

Every theme's log-in page shows the label `WebtoolsForSomethingInteresting`, and nothing when it is
not there (framework/common/webcommon/login.ftl:31).
"""

from typing import Final

from templates.overlay.files import TreeText
from templates.overlay.xml_source import XmlSource

LABELS: Final = "framework/webtools/config/WebtoolsUiLabels.xml"
LABEL: Final = "WebtoolsForSomethingInteresting"
_SEEDED_PASSWORD: Final = "scipio"  # noqa: S105  public: AdminUserLoginData.xml:3


def without_password_hint(own: TreeText) -> bytes:
    """The labels without the hint; a text of the user's own that names no password stays.

    Raises OverlayError when it is no XML.
    """
    source = XmlSource(own)
    for label in source.root.named("property", key=LABEL):
        if _SEEDED_PASSWORD in source.text(label).lower():
            source.remove(label)
    return source.finished()
