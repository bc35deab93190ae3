"""The one Solr of the cluster, asked what it has."""

from collections.abc import Iterator

from contract.inside_report import InsideResult
from node.inside.json_page import NoPageError, json_page
from node.inside.result import failed, passed, skipped
from node.inside.site import Site

_NAME = "search.answers"
_QUESTION = "/solr/product/select?q=*:*&rows=0&wt=json"
"""Path and core of solrconfig.properties (solr.webapp.path, solr.core.default)."""


def look(site: Site) -> Iterator[InsideResult]:
    """As every node asks it, also on the search server itself."""
    search = site.document.search
    if search is None:
        yield skipped(_NAME, "this cluster has no search")
        return
    try:
        page = json_page(search.host, search.port, _QUESTION)
        found, took_ms = int(page["response"]["numFound"]), float(page["responseHeader"]["QTime"])
    except NoPageError as error:
        yield failed(_NAME, str(error), "Look into the log of the search server.")
    except (KeyError, TypeError, ValueError):
        yield failed(
            _NAME,
            f"{search.host}:{search.port} answers, and not as Solr does",
            "Check search.host and search.port of the document.",
        )
    else:
        yield passed(
            _NAME,
            f"{search.host}:{search.port} has {found} products",
            products=float(found),
            took_ms=took_ms,
        )
