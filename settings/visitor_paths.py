"""Keys of `scipio:balancer` on every platform that say which paths visitors may reach."""

from typing import Annotated

from pydantic import Field, StringConstraints

from contract.names import NamedPath
from settings.section import Section

BlockedPathName = Annotated[
    str,
    StringConstraints(pattern=r"^\*?(/[A-Za-z0-9_.-]+)+$"),
    Field(examples=["*/control/SOAPService"]),
]

PUBLIC_PATHS = (
    "/shop",
    "/ecommerce",
    "/images",
    "/base-theme",
    "/foundation-shop-theme",
    "/ignite-shop-theme",
)
"""The stock shop, what leads to it, and the files that its pages need: themes/ignite-shop/data and
themes/foundation-shop/data name those of the themes."""

ANY_WEBAPP = "*"

BLOCKED_REASONS = {
    "/solr": "the search engine's own pages need no log-in in stock",
    "/demosuite": "a demonstration application",
    "*/control/httpService": "runs exported services without a log-in",
    "*/control/SOAPService": "runs exported services without a log-in",
    "*/control/xmlrpc": "runs exported services without a log-in, and deserialises what is sent",
    "*/control/TestService": "runs a test's service without a log-in",
    "*/control/streamTest": "runs a test's service without a log-in",
    "*/control/ping": "reads the database without a log-in",
}
"""Each is reached without a log-in on a stock node: `/solr` by applications/solr/README.txt:66-72,
the requests by framework/webtools/webapp/webtools/WEB-INF/controller.xml:34-75, `xmlrpc` by the
same file of release 3.0.0."""

BLOCKED_PATHS = tuple(BLOCKED_REASONS)

VIEW_PATHS = (
    "/authview",
    "/addrole/viewroles",
    "/changeOrderStatus/orderview",
    "/deleteContactMech/ViewContactMechs",
    "/deletePaymentMethod/viewprofile",
    "/receiveOfflinePayments",
    "/sendconfirmationmail",
    "/updateCheckoutOptions",
    "/updateShippingAddress/splitship",
    "/updateShippingOptions",
    "/view/ModelInduceFromDb",
    "/view/checkdb",
    "/view/dataMySql",
    "/view/entityref_main",
    "/view/tablesMySql",
)
"""Links of the stock tree's own staff pages: all behind a request that needs a log-in, but for
those of `/view`, whose pages ask for the permission ENTITY_MAINT themselves."""


class VisitorPaths(Section):
    """Which paths visitors may reach."""

    public_paths: tuple[NamedPath, ...]
    """Mount points for everyone, each with all below; every other one is the back office. Add your
    own shop's, and its theme's."""
    blocked_paths: tuple[BlockedPathName, ...]
    """What no visitor may reach, each with all below; `*` before a path stands for every webapp.
    Leave out `*/control/SOAPService` to integrate by SOAP."""
    view_paths: tuple[NamedPath, ...]
    """What may stand behind `/<webapp>/control` in the back office though it is more than the name
    of a request: `/<request>/<view>`, or `/<request>` with any view. `make image` names the links
    of your tree that need it."""
