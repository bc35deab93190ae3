"""serviceengine.xml: the JMS service of the cache clear, and the job threads."""

from contract.names import NodeRole
from templates.overlay.cluster_component import LISTENER_CLASS
from templates.overlay.contexts import JmsService
from templates.overlay.files import TreeText
from templates.overlay.fragment import attributes_of, rendered_root
from templates.overlay.xml_source import Element, XmlSource
from templates.renderer import render

_MESSENGER = "serviceMessenger"
_LISTENER_CLASS = "listener-class"


def merge_service_engine(own: TreeText, jms: JmsService, job_threads: int, role: NodeRole) -> bytes:
    """The tree's serviceengine.xml with what a cluster needs. Raises OverlayError."""
    source = XmlSource(own)
    # The schema allows several engines, the framework uses this one (service-config.xsd).
    engine = source.one(source.root, "service-engine", name="default")
    source.one(engine, "engine", name="jms")
    _set_job_threads(source, engine, job_threads, role)
    _set_messenger(source, engine, jms)
    return source.finished()


def own_listener(own: TreeText) -> str | None:
    """The tree's own class that listens to the topic, which the merge keeps."""
    source = XmlSource(own)
    engine = source.one(source.root, "service-engine", name="default")
    services = engine.named("jms-service", name=_MESSENGER)
    servers = [server for service in services for server in service.named("server")]
    named = [server.attributes.get(_LISTENER_CLASS, "") for server in servers]
    return next((name for name in named if name not in ("", LISTENER_CLASS)), None)


def own_pool_polls(own: TreeText) -> bool:
    """Whether nodes of this tree look for jobs by its own file; in a cluster all of them do."""
    source = XmlSource(own)
    engine = source.one(source.root, "service-engine", name="default")
    return _polls(source.one(engine, "thread-pool"))


def _polls(pool: Element) -> bool:
    """As ThreadPool.java:152 reads it."""
    return pool.attributes.get("poll-enabled") != "false"


def _set_job_threads(source: XmlSource, engine: Element, job_threads: int, role: NodeRole) -> None:
    """Only `min-threads` ever run, because the queue is unbounded; the ERP refuses a
    `max-threads` below it (ThreadPool.java, "max-threads").

    The search node looks for no jobs: it has neither the heap nor the shared files for them. What
    runs in memory alone, such as the filling of its index, does not need that (JobPoller.java:154).
    All other nodes look for jobs, also where the tree was made for JVMs that do not: none would.
    """
    threads = str(job_threads)
    pool = source.one(engine, "thread-pool")
    polls = {"poll-enabled": "false"} if role == "search" else {}
    if role == "app" and not _polls(pool):
        polls = {"poll-enabled": "true"}
    source.set_attributes(pool, {"min-threads": threads, "max-threads": threads, **polls})


def _set_messenger(source: XmlSource, engine: Element, jms: JmsService) -> None:
    """A tree that already has the service keeps it, put right; else it follows all the rest."""
    own = engine.named("jms-service", name=_MESSENGER)
    if not own:
        # The schema wants jms-service last.
        source.append(engine, render(jms))
        return
    service = source.only(own, f'<jms-service name="{_MESSENGER}">')
    server = source.one(service, "server")
    fragment = rendered_root(jms)
    source.set_attributes(service, attributes_of(fragment))
    attributes = dict(attributes_of(fragment[0]))
    if server.attributes.get(_LISTENER_CLASS):
        # The user's own listener does what it was written for; ours would silently replace it.
        attributes.pop(_LISTENER_CLASS, None)
    source.set_attributes(server, attributes)
    if "client-id" in server.attributes:
        source.drop_attribute(server, "client-id")
