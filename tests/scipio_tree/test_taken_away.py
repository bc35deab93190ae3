"""Who else uses what the overlay replaces: each goes on working, is refused, or is remarked."""

from pathlib import Path

import pytest

from scipio_tree.errors import TreeError
from scipio_tree.inspection import inspect_tree

ENTITIES = "framework/entity/config/entityengine.xml"
SERVICES = "framework/service/config/serviceengine.xml"
JNDI = "framework/base/config/jndi.properties"
CATALINA = "framework/catalina/scipio-component.xml"
ORDERS = (
    '<jms-service name="orders"><server jndi-server-name="{server}" jndi-name="jms/OrderFactory"'
    ' topic-queue="jms/Orders" type="queue"/></jms-service></service-engine>'
)
REPORTING = (
    '<delegator name="reporting" entity-model-reader="main" entity-group-reader="main">'
    '<group-map group-name="org.ofbiz" datasource-name="{datasource}"/></delegator>'
    '\n    <delegator name="default" '
)


def change(home: Path, path: str, old: str, new: str) -> None:
    text = (home / path).read_text()
    assert old in text, f"{old!r} is not in {path}"
    (home / path).write_text(text.replace(old, new))


def faults_of(home: Path) -> tuple[str, ...]:
    with pytest.raises(TreeError) as refused:
        inspect_tree(home)
    return refused.value.faults


def test_a_stock_tree_has_neither_faults_nor_remarks(home: Path) -> None:
    assert inspect_tree(home).remarks == ()


def test_a_jms_service_on_the_default_server_is_refused(home: Path) -> None:
    """Its broker would become the cluster's."""
    change(home, SERVICES, "</service-engine>", ORDERS.format(server="default"))
    [fault] = faults_of(home)
    assert fault.startswith(f'{SERVICES}: <jms-service name="orders">')
    assert "jndiservers.xml" in fault


def test_a_jms_service_on_a_server_of_its_own_goes_on(home: Path) -> None:
    change(home, SERVICES, "</service-engine>", ORDERS.format(server="ours"))
    assert inspect_tree(home).remarks == ()


def test_names_of_the_trees_own_broker_are_remarked(home: Path) -> None:
    (home / JNDI).write_text(
        "java.naming.provider.url=tcp://mq.example.com:61616\n"
        "connectionFactoryNames=jms/OrderFactory\nqueue.jms/Orders=orders\n"
    )
    [remark] = inspect_tree(home).remarks
    assert "jms/OrderFactory, queue.jms/Orders leads to them" in remark


def test_a_pool_that_polls_for_no_jobs_is_remarked(home: Path) -> None:
    change(home, SERVICES, 'poll-enabled="true"', 'poll-enabled="false"')
    [remark] = inspect_tree(home).remarks
    assert 'poll-enabled="false" of <thread-pool> becomes "true"' in remark


def test_a_pool_that_no_node_serves_is_remarked(home: Path) -> None:
    change(home, SERVICES, '<run-from-pool name="pool"/>', '<run-from-pool name="workers"/>')
    [remark] = inspect_tree(home).remarks
    assert 'send-to-pool="pool"' in remark


@pytest.mark.parametrize("schema", ["erp", "OFBIZ"])
def test_another_schema_is_refused(home: Path, schema: str) -> None:
    """The load would make its tables where no check looks."""
    change(home, ENTITIES, 'schema-name="public"', f'schema-name="{schema}"')
    [fault] = faults_of(home)
    assert f'<datasource name="localpostgres"> has schema-name="{schema}"' in fault


def test_a_delegator_of_another_database_on_the_same_datasource_is_refused(home: Path) -> None:
    old, new = '<delegator name="default" ', REPORTING.format(datasource="localpostgres")
    change(home, ENTITIES, old, new)
    [fault] = faults_of(home)
    assert 'group "org.ofbiz" of <delegator name="reporting">' in fault
    assert "Copy the datasource under a name of its own" in fault


def test_a_delegator_of_the_erps_own_database_goes_with_it(home: Path) -> None:
    """The ERP was on that datasource as well."""
    change(home, ENTITIES, 'datasource-name="localderby"', 'datasource-name="localpostgres"')
    old, new = '<delegator name="default" ', REPORTING.format(datasource="localpostgres")
    change(home, ENTITIES, old, new)
    assert inspect_tree(home).remarks == ()


def test_a_delegator_that_stays_in_the_erps_old_database_is_remarked(home: Path) -> None:
    old, new = '<delegator name="default" ', REPORTING.format(datasource="localderby")
    change(home, ENTITIES, old, new)
    [remark] = inspect_tree(home).remarks
    assert '<delegator name="reporting"> stays in localderby' in remark


def test_a_datasource_looked_up_at_the_default_server_is_refused(home: Path) -> None:
    old, new = '<delegator name="default" ', REPORTING.format(datasource="warehouse")
    change(home, ENTITIES, old, new)
    own = (
        '<datasource name="warehouse" field-type-name="mssql"><jndi-jdbc'
        ' jndi-server-name="default" jndi-name="jdbc/W"/></datasource>\n</entity-config>'
    )
    change(home, ENTITIES, "</entity-config>", own)
    [fault] = faults_of(home)
    assert '<jndi-jdbc> of <datasource name="warehouse">' in fault


def test_a_fixed_address_is_refused(home: Path) -> None:
    """No container has the address of the old server: no node would start."""
    change(
        home,
        CATALINA,
        '<property name="http-connector" value="connector">',
        '<property name="http-connector" value="connector">'
        '<property name="address" value="10.1.2.3"/>',
    )
    [fault] = faults_of(home)
    assert fault.startswith(f"{CATALINA}: ")
    assert "'10.1.2.3', where no node is" in fault
