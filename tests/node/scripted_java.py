#!/usr/bin/env python3
"""Stands in for `java … -jar …`: with `load-data` it makes tables and rows as the ERP's loader
does, without it serves `/health` on the port that the overlay gives to the http connector.

Its behaviour is the text of the file `behaviour` in its working directory, `good` without one.
Every run appends its arguments to the file `runs` there. Where the database is, it reads from the
file `dsn`, as a JVM would from the overlay. What it was started with is kept in `started`.
"""

import json
import runpy
import sys
import time
from pathlib import Path

import psycopg
from lxml import etree

COLUMNS = {
    "job_sandbox": "job_id varchar(255) primary key, job_name varchar(255), run_time timestamptz,"
    " status_id varchar(255), parent_job_id varchar(255), previous_job_id varchar(255),"
    " service_name varchar(255),"
    " recurrence_info_id varchar(255), temp_expr_id varchar(255), max_recurrence_count numeric(20),"
    " runtime_data_id varchar(255),"
    " run_by_instance_id varchar(255), start_date_time timestamptz, finish_date_time timestamptz,"
    " cancel_date_time timestamptz, event_id varchar(255)",
    "runtime_data": "runtime_data_id varchar(255) primary key, runtime_info text",
    "service_semaphore": "service_name varchar(255) primary key,"
    " locked_by_instance_id varchar(255)",
    "job_manager_lock": "instance_id varchar(255), from_date timestamptz, thru_date timestamptz,"
    " comments varchar(255), created_by_user_login varchar(255)",
    "sequence_value_item": "seq_name varchar(255) primary key, seq_id numeric(20)",
    "user_login": "user_login_id varchar(255) primary key, current_password varchar(255)",
    "recurrence_info": "recurrence_info_id varchar(255) primary key, start_date_time timestamptz,"
    " recurrence_count numeric(20), exception_date_times text, recurrence_date_times text,"
    " exception_rule_id varchar(255), recurrence_rule_id varchar(255)",
    "recurrence_rule": "recurrence_rule_id varchar(255) primary key, frequency varchar(60),"
    " until_date_time timestamptz, count_number numeric(20), interval_number numeric(20),"
    " by_hour_list text, by_day_list text, by_set_pos_list text",
    "temporal_expression": "temp_expr_id varchar(255) primary key, temp_expr_type_id varchar(255),"
    " date1 timestamptz, date2 timestamptz, integer1 numeric(20), integer2 numeric(20)",
    "temporal_expression_assoc": "from_temp_expr_id varchar(255), to_temp_expr_id varchar(255),"
    " expr_assoc_type varchar(255)",
}
SEED: dict[str, tuple[tuple[object, ...], ...]] = {
    "INSERT INTO temporal_expression VALUES (%s, %s, %s, %s, %s, %s)": (
        ("MIDNIGHT_DAILY", "FREQUENCY", "2000-01-01Z", None, 5, 1),
        ("HOUR_03", "HOUR_RANGE", None, None, 3, 3),
    ),
    "INSERT INTO recurrence_rule VALUES (%s, %s, NULL, %s, %s)": (("400", "MONTHLY", -1, 1),),
    "INSERT INTO recurrence_info VALUES (%s, %s, %s, NULL, NULL, NULL, %s)": (
        ("400", "2008-05-14 22:00Z", 0, "400"),
    ),
}
JOBS = (
    # id, name, run_time, service, recurrence_info_id, temp_expr_id, event_id
    ("8003", "Run Auto-Reorders", "2000-01-01 03:00Z", "reorder", None, "MIDNIGHT_DAILY", None),
    ("NIGHTLY", "Nightly", "2008-05-14 02:30Z", "clearCaches", None, "HOUR_03", None),
    ("8500", "Invoice template", "2008-05-14 00:00Z", "invoice", "400", None, None),
    ("ONCE", "Once", "2000-01-01Z", "once", None, None, None),
    ("STRANGE", "Strange", "2000-01-01 05:00Z", "strange", None, "NOT_THERE", None),
    ("STARTUP", "Start", "2000-01-01Z", "start", None, "MIDNIGHT_DAILY", "SCH_EVENT_STARTUP"),
)
PUBLIC_HASH = "{SHA}public"


def main() -> int:
    keep_what_it_was_started_with()
    if "load-data" not in sys.argv:
        say_subscribed()
        sys.argv[1:] = ["--port", connector_port()]
        runpy.run_path(str(Path(__file__).with_name("scripted_child.py")), run_name="__main__")
    arguments = sys.argv[sys.argv.index("load-data") + 1 :]
    home = Path.cwd()
    with (home / "runs").open("a") as runs:
        runs.write(" ".join(arguments) + "\n")
    behaviour = (home / "behaviour").read_text() if (home / "behaviour").exists() else "good"
    given = dict(argument.split("=", 1) for argument in arguments)
    if "file" in given:
        return load_file(home, Path(given["file"]), behaviour, given["delegator"])
    return load_readers(home, behaviour)


def keep_what_it_was_started_with() -> None:
    with Path("started").open("ab") as started:
        for source in ("cmdline", "environ"):
            started.write(Path(f"/proc/self/{source}").read_bytes() + b"\n")


def say_subscribed() -> None:
    """Once, as the cluster's component does as long as it lives."""
    name = "-Dscipio.cluster.cacheClear.figuresFile="
    [path] = [word.removeprefix(name) for word in sys.argv if word.startswith(name)]
    Path(path).write_text(json.dumps({"at": time.time(), "subscribed": True}))


def connector_port() -> str:
    root = etree.parse("framework/catalina/scipio-component.xml").getroot()
    [port] = root.findall(
        "container[@name='catalina-container']/property[@name='http-connector']"
        "/property[@name='port']"
    )
    return str(port.attrib["value"])


def load_readers(home: Path, behaviour: str) -> int:
    if behaviour == "no tables":
        print("loading failed, and nobody hears of it")
        return 0
    with psycopg.connect((home / "dsn").read_text(), autocommit=True) as connection:
        again = table_is_there(connection, "user_login")
        if not again:
            make_tables(connection, only=2 if behaviour == "waits half-way" else None)
        if behaviour == "waits half-way":
            wait(home)
        if behaviour not in ("no rows", "waits half-way"):
            load_rows(connection)
        if behaviour.endswith("waits at the end"):
            wait(home)
    if behaviour == "says an error":
        print("2026-01-01 12:00:00,000 |main |EntitySaxReader |E| a row could not be stored")
    if behaviour == "logs an error":
        logs = home / "runtime" / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        with (logs / "error.log").open("a") as log:
            log.write("something about a foreign key\n")
    if behaviour == "says the password":
        print(f"connected as {(home / 'dsn').read_text()}")
    return 99 if behaviour == "exit code 99" else 0


def make_tables(connection: "psycopg.Connection[tuple[object, ...]]", *, only: int | None) -> None:
    for table, columns in list(COLUMNS.items())[:only]:
        # Not "if not exists": a second loader at the same time must not go unnoticed.
        connection.execute(f"CREATE TABLE {table} ({columns})".encode())


def load_rows(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    """Made when missing, else set to what the data file says, as the ERP's reader does."""
    connection.execute(
        "INSERT INTO user_login VALUES ('admin', %(hash)s)"
        " ON CONFLICT (user_login_id) DO UPDATE SET current_password = %(hash)s",
        {"hash": PUBLIC_HASH},
    )
    for statement, rows in SEED.items():
        connection.cursor().executemany(f"{statement} ON CONFLICT DO NOTHING".encode(), rows)
    for job in JOBS:
        connection.execute(
            "INSERT INTO job_sandbox (job_id, job_name, run_time, service_name,"
            " recurrence_info_id, temp_expr_id, event_id) VALUES (%s, %s, %s, %s, %s, %s, %s)"
            " ON CONFLICT (job_id) DO UPDATE SET run_time = excluded.run_time",
            job,
        )


def table_is_there(connection: "psycopg.Connection[tuple[object, ...]]", table: str) -> bool:
    found = connection.execute("SELECT to_regclass(%s) IS NOT NULL", [table]).fetchone()
    return found == (True,)


def wait(home: Path) -> None:
    (home / "waits").touch()
    while not (home / "go on").exists():
        time.sleep(0.05)


def add(connection: "psycopg.Connection[tuple[object, ...]]", statement: str) -> None:
    """What fails is said and left out (DatabaseUtil.java, addColumn and createForeignKey)."""
    try:
        connection.execute(statement.encode())
    except psycopg.errors.LockNotAvailable as error:
        print(f"2026-01-01 12:00:00,000 |main |DatabaseUtil |E| {statement}\nError was: {error}")


def load_file(home: Path, file: Path, behaviour: str, delegator: str) -> int:
    if behaviour == "ignores files":
        return 0
    if behaviour == "exit code 99 for files":
        return 99
    assert file.stat().st_mode & 0o777 == 0o600
    options = "-c lock_timeout=1200" if delegator == "cluster-schema" else ""
    dsn = (home / "dsn").read_text()
    with psycopg.connect(dsn, autocommit=True, options=options) as connection:
        # The delegator adds what the model has and the database lacks, whatever it loads.
        if behaviour == "has a new column":
            add(connection, "ALTER TABLE user_login ADD COLUMN IF NOT EXISTS new_field text")
        if behaviour.startswith("has a new table") and not table_is_there(connection, "new_table"):
            add(connection, "CREATE TABLE new_table (user_login_id varchar(255))")
            if behaviour == "has a new table and waits before its key":
                wait(home)
            # Foreign keys are for tables that this very run has made.
            add(
                connection,
                "ALTER TABLE new_table ADD CONSTRAINT new_key FOREIGN KEY (user_login_id)"
                " REFERENCES user_login",
            )
        for login in etree.parse(file).getroot().findall("UserLogin"):
            connection.execute(
                "UPDATE user_login SET current_password = %s WHERE user_login_id = %s",
                [login.get("currentPassword"), login.get("userLoginId")],
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
