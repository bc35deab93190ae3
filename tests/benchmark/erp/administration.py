"""The administration's pages of one node of the ERP, and the benchmark's program in it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from automation.errors import AutomationError
from checks.cluster import Cluster
from checks.visitor import Visitor

PROGRAM = Path(__file__).with_name("cache_clear.groovy").read_text(encoding="utf-8")
USER = "admin"
PATIENCE_S = 200.0
ANSWER = "Cache-Clear-Bench"
"""The header that the program answers in."""

LOG_IN, LOG_OUT, MAIN, IMPORT, PROGRAM_PAGE = (
    f"/admin/control/{page}"
    for page in ("login", "logout", "main", "entityImport", "ProgramExport")
)
PERMISSION = """<entity-engine-xml>
    <SystemProperty systemResourceId="webtools" systemPropertyId="dev.script.tools.enabled"
        systemPropertyValue="true"/>
</entity-engine-xml>"""
"""The database's word goes before the node's own files, where it is false."""


class NoAnswerError(AutomationError):
    """The ERP did not run the benchmark's program."""


class Administration:
    """A visitor to the administration's pages, whom the balancer keeps at one node."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor = visitor

    @classmethod
    @contextmanager
    def visited(cls, cluster: Cluster) -> Iterator[Self]:
        """By somebody who was never there; whatever the program takes, they wait for it."""
        url = cluster.outputs.balancer.https_url
        with Visitor(url, trusted=cluster.trusted, patience_s=PATIENCE_S) as visitor:
            yield cls(visitor)

    def log_in(self, password: str) -> bool:
        """Whether the ERP knows the administrator at the next page, who may leave again there."""
        form = {"USERNAME": USER, "PASSWORD": password, "JavaScriptEnabled": "Y"}
        self._visitor.post(LOG_IN, form)
        return LOG_OUT in self._visitor.get(MAIN).text

    def permit_programs(self) -> None:
        """Until the task `forget`, the ERP runs programs of administrators on every node."""
        self._visitor.post(IMPORT, {"fulltext": PERMISSION}).raise_for_status()

    def run(self, task: str, **parameters: object) -> object:
        """What the task of `cache_clear.groovy` says. Raises NoAnswerError."""
        given = {name: str(value) for name, value in parameters.items()}
        page = self._visitor.post(PROGRAM_PAGE, {"groovyProgram": PROGRAM, "task": task, **given})
        if ANSWER not in page.headers:
            raise NoAnswerError(
                f"{task}: {PROGRAM_PAGE} answered {page.status_code} and did not run the program; "
                "is the log-in gone, or dev.script.tools.enabled of webtools false?"
            )
        answer: dict[str, object] = json.loads(page.headers[ANSWER])
        if "error" in answer:
            raise NoAnswerError(f"{task}: {answer['error']}; the node's log says more")
        return answer["result"]
