"""system.properties: who the node is, how it finds the world, and what is turned off."""

from contract.cluster_document import ClusterDocument, PublicEndpoint
from contract.names import NodeRole
from templates.overlay.contexts import MailRelay, SolrPlace, SystemProperties
from templates.overlay.entity_engine import DATASOURCE, SCHEMA_DATASOURCE
from templates.overlay.files import TreeText
from templates.overlay.merged_properties import properties_of
from templates.overlay.node import OverlayNode
from templates.renderer import render

_HTTPS_PORT = 443
_HTTP_PORT = 80
_PASSWORD_LENGTH_MIN = 12


def system_properties(
    security: TreeText, document: ClusterDocument, node: OverlayNode, *, make_schema: bool
) -> bytes:
    """The whole file; `make_schema` is for the run that seeds an empty database.

    `security` is the tree's security.properties. Raises OverlayError when Java could not read it.
    """
    public = document.public_endpoint
    context = SystemProperties(
        instance_id=node.instance_id,
        datasource=DATASOURCE,
        schema_datasource=SCHEMA_DATASOURCE,
        make_schema=make_schema,
        public_host=public.host,
        public_https_port=public.https_port,
        public_http_port=_HTTP_PORT if public.https_port == _HTTPS_PORT else None,
        base_url=_base_url(public),
        search=_search(document, node.role),
        fills_index=node.role == "search" and not make_schema,
        shared_path=document.shared_files.path,
        mail=_mail(document),
        password_length_min=max(_PASSWORD_LENGTH_MIN, _own_password_length(security)),
    )
    return render(context).encode("ascii")


def _search(document: ClusterDocument, role: NodeRole) -> SolrPlace | None:
    """The search node asks its own Solr: by the balancer's name it might reach another one."""
    if role == "search":
        return SolrPlace(host="localhost", port=document.node.http_port)
    search = document.search
    return None if search is None else SolrPlace(host=search.host, port=search.port)


def _mail(document: ClusterDocument) -> MailRelay | None:
    mail = document.mail
    if mail is None:
        return None
    return MailRelay(
        relay_host=mail.relay_host,
        port=mail.port,
        starttls=mail.encryption == "starttls",
        tls=mail.encryption == "tls",
        from_address=mail.from_address,
        redirect_to=mail.redirect_to,
    )


def _own_password_length(security: TreeText) -> int:
    written = properties_of(security).get("password.length.min", "").strip()
    return int(written) if written.isascii() and written.isdigit() else 0


def _base_url(public: PublicEndpoint) -> str:
    port = "" if public.https_port == _HTTPS_PORT else f":{public.https_port}"
    return f"https://{public.host}{port}"
