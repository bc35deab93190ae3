"""The tables of these tests are the ERP's: held against a built tree where there is one."""

import re
from pathlib import Path

import pytest
from lxml import etree

from tests.node.life.shared_database import SharedDatabase

MODEL = Path("framework/service/entitydef/entitymodel.xml")
STAMPS = {"last_updated_stamp", "last_updated_tx_stamp", "created_stamp", "created_tx_stamp"}
TYPES = {
    "date-time": "timestamp with time zone",
    "numeric": "numeric",
    "very-long": "text",
}


def as_column(name: str) -> str:
    """How the entity engine names a field's column."""
    return re.sub(r"[A-Z]", lambda found: f"_{found.group()}", name).lower()


@pytest.mark.real_erp
@pytest.mark.parametrize(
    "entity", ["JobSandbox", "RuntimeData", "JobManagerLock", "ServiceSemaphore"]
)
def test_columns_and_types_are_the_trees(
    shared: SharedDatabase, scipio_home: Path, entity: str
) -> None:
    root = etree.parse(scipio_home / MODEL).getroot()
    fields = {
        as_column(str(field.get("name"))): TYPES.get(str(field.get("type")), "character varying")
        for element in root
        if element.get("entity-name") == entity
        for field in element.findall("field")
    }
    found = shared.rows(
        "SELECT column_name, data_type FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name = %s",
        as_column(entity).lstrip("_"),
    )
    columns = {str(name): str(kind) for name, kind in found if name not in STAMPS}
    assert columns == fields
