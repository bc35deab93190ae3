"""Jobs as a load leaves them: due since years, so that the first node would run them all at once.

A seeded row has no status until a node runs it, while the ERP writes SERVICE_PENDING into every row
that it makes itself (PersistedServiceJob.createRecurrence): so seeded rows are known.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from psycopg.rows import dict_row

from node.database.connection import Connection
from node.database.recurrence import Frequency, NoNextTimeError, Unit, next_time
from node.database.temporal_expressions import (
    ExpiredRecurrenceError,
    ExpressionRow,
    RuleRow,
    UnknownRecurrenceError,
    expression_of,
    expression_of_rule,
)
from node.database.verification import table_exists

TABLES = (
    "job_sandbox",
    "runtime_data",
    "recurrence_info",
    "recurrence_rule",
    "temporal_expression",
    "temporal_expression_assoc",
)
"""framework/service/entitydef/entitymodel.xml."""

_REMOVE_SECOND_CHAINS = """
DELETE FROM job_sandbox AS again
 WHERE status_id IS NULL AND start_date_time IS NULL AND run_by_instance_id IS NULL
   AND EXISTS (
    SELECT 1 FROM job_sandbox AS other
     WHERE other.job_id <> again.job_id
       AND other.status_id IN ('SERVICE_PENDING', 'SERVICE_QUEUED', 'SERVICE_RUNNING')
       AND other.cancel_date_time IS NULL
       AND (other.temp_expr_id IS NOT NULL OR other.recurrence_info_id IS NOT NULL)
       AND other.event_id IS NOT DISTINCT FROM again.event_id
       AND (other.runtime_data_id IS NOT DISTINCT FROM again.runtime_data_id
            OR EXISTS (
             SELECT 1 FROM runtime_data AS its JOIN runtime_data AS seeded USING (runtime_info)
              WHERE its.runtime_data_id = other.runtime_data_id
                AND seeded.runtime_data_id = again.runtime_data_id))
       AND (other.parent_job_id = again.job_id
            OR (other.job_name = again.job_name AND other.service_name = again.service_name)))
RETURNING job_id, coalesce(job_name, '') AS job_name, coalesce(service_name, '') AS service_name
"""
"""Runtime data are what a service is called with: two jobs of one name may have different ones."""


def _sane(column: str) -> str:
    """A time that Python has too; others (`infinity`, before year 1) count as none."""
    return f"CASE WHEN {column} BETWEEN '1000-01-01' AND '9000-01-01' THEN {column} END"


_DUE = """
SELECT job_id, greatest(run_time, '1000-01-01') AS run_time, temp_expr_id, recurrence_info_id
  FROM job_sandbox
 WHERE status_id IS NULL AND start_date_time IS NULL AND run_by_instance_id IS NULL
   AND cancel_date_time IS NULL AND event_id IS NULL AND run_time <= %s
   AND (temp_expr_id IS NOT NULL OR recurrence_info_id IS NOT NULL)
   AND coalesce(max_recurrence_count, -1) <> 0
   FOR UPDATE
"""
_EXPRESSIONS = (
    f"SELECT temp_expr_id, temp_expr_type_id, {_sane('date1')} AS date1, integer1, integer2"  # noqa: S608 - our own text
    " FROM temporal_expression"
)
_ASSOCIATIONS = """
SELECT from_temp_expr_id, to_temp_expr_id, coalesce(expr_assoc_type, '') AS kind
  FROM temporal_expression_assoc ORDER BY from_temp_expr_id, to_temp_expr_id
"""
_RULE = (
    f"SELECT {_sane('info.start_date_time')} AS start, {_sane('rule.until_date_time')} AS until,"  # noqa: S608 - our own text
    " info.recurrence_count, info.exception_date_times, info.recurrence_date_times,"
    " info.exception_rule_id, to_jsonb(rule) AS rule"
    " FROM recurrence_info AS info JOIN recurrence_rule AS rule USING (recurrence_rule_id)"
    " WHERE info.recurrence_info_id = %s"
)


@dataclass(frozen=True, kw_only=True)
class SettledJobs:
    """What was done to the jobs of a load."""

    moved: int
    removed: tuple[str, ...]
    """One sentence for each row of a job that recurs already under another id."""
    unknown: tuple[str, ...]
    """One sentence for each job whose recurrence cannot be read here; it was moved by days."""


def settle_seeded_jobs(connection: Connection, zone: ZoneInfo, *, now: datetime) -> SettledJobs:
    """No recurring job that a load made is due before its schedule says, and none is there twice.

    Left alone: jobs that do not recur, which are meant to run once after an installation, and those
    of start-up events, which run at every boot. One transaction; a second time nothing is left to
    do. Does nothing where the ERP's tables of jobs are not all there.
    """
    if not all(table_exists(connection, table) for table in TABLES):
        return SettledJobs(moved=0, removed=(), unknown=())
    with connection.transaction():
        removed = connection.execute(_REMOVE_SECOND_CHAINS).fetchall()
        schedules = _Schedules(connection, zone, now)
        moved, unknown = 0, []
        for job in connection.cursor(row_factory=dict_row).execute(_DUE, [now]).fetchall():
            try:
                moment = schedules.next_time(job)
            except NoNextTimeError as fault:
                unknown.append(f"{job['job_id']}: {fault}")
                moment = schedules.next_day(job)
            if moment is not None:
                connection.execute(
                    "UPDATE job_sandbox SET run_time = %s WHERE job_id = %s",
                    [moment, job["job_id"]],
                )
                moved += 1
    return SettledJobs(
        moved=moved,
        removed=tuple(f"{job_id}: {name!r} of {service}" for job_id, name, service in removed),
        unknown=tuple(unknown),
    )


class _Schedules:
    """All that can make a job recur. A row is read for the job that names it, and for no other."""

    def __init__(self, connection: Connection, zone: ZoneInfo, now: datetime) -> None:
        """`zone` is that of the node's JVM, in which the ERP reckons."""
        self._connection = connection
        self._zone = zone
        self._now = now
        self._expressions = _expressions(connection, zone)

    def next_time(self, job: Mapping[str, Any]) -> datetime | None:
        """None when the schedule is over. Raises NoNextTimeError."""
        seeded, here = self._seeded(job), _wall_clock(self._now, self._zone)
        # The ERP looks at the older kind first (PersistedServiceJob.java).
        if job["recurrence_info_id"] is not None:
            try:
                expression = expression_of_rule(self._rule(job["recurrence_info_id"]), here)
            except ExpiredRecurrenceError:
                return None
        else:
            expression = expression_of(self._expressions, job["temp_expr_id"], seeded)
        return self._moment(next_time(expression, now=here, seeded=seeded))

    def next_day(self, job: Mapping[str, Any]) -> datetime | None:
        """The job's own time of day, when it comes next."""
        seeded, here = self._seeded(job), _wall_clock(self._now, self._zone)
        daily = Frequency(start=seeded, unit=Unit.DAY)
        return self._moment(next_time(daily, now=here, seeded=seeded))

    def _seeded(self, job: Mapping[str, Any]) -> datetime:
        return _wall_clock(job["run_time"], self._zone)

    def _rule(self, info: str) -> RuleRow:
        cursor = self._connection.cursor(row_factory=dict_row)
        row = cursor.execute(_RULE, [info]).fetchone()
        if row is None:
            raise UnknownRecurrenceError(f"recurrence {info!r} is not there, or has no rule")
        rule = row["rule"]
        own = (row["exception_date_times"], row["recurrence_date_times"], row["exception_rule_id"])
        return RuleRow(
            start=_local(row["start"], self._zone),
            done=_number(row["recurrence_count"], otherwise=0),
            frequency=str(rule.get("frequency")),
            interval=_number(rule.get("interval_number"), otherwise=1),
            # Without a number the ERP takes 0: the job does not recur (RecurrenceRule.getCount).
            limit=_number(rule.get("count_number"), otherwise=0),
            until=_local(row["until"], self._zone),
            only={name: str(rule[name]) for name in rule if name.endswith("_list") and rule[name]},
            has_own_dates=any(own),
        )

    def _moment(self, wall_clock: datetime | None) -> datetime | None:
        """In the hour that autumn has twice a wall clock time is two moments: the later one, when
        the earlier is over."""
        if wall_clock is None:
            return None
        moment = wall_clock.replace(tzinfo=self._zone)
        return moment if moment > self._now else moment.replace(fold=1)


def _expressions(connection: Connection, zone: ZoneInfo) -> Mapping[str, ExpressionRow]:
    cursor = connection.cursor(row_factory=dict_row)
    children: dict[str, list[tuple[str, str]]] = {}
    for row in cursor.execute(_ASSOCIATIONS):
        children.setdefault(row["from_temp_expr_id"], []).append(
            (row["kind"], row["to_temp_expr_id"])
        )
    return {
        row["temp_expr_id"]: ExpressionRow(
            kind=row["temp_expr_type_id"],
            start=_local(row["date1"], zone),
            integer_1=_whole(row["integer1"]),
            integer_2=_whole(row["integer2"]),
            children=tuple(children.get(row["temp_expr_id"], ())),
        )
        for row in cursor.execute(_EXPRESSIONS)
    }


def _wall_clock(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def _local(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    return None if moment is None else _wall_clock(moment, zone)


def _number(value: object, *, otherwise: int) -> int:
    """Raises UnknownRecurrenceError for one that is not whole (`NaN`)."""
    whole = _whole(value)
    if value is not None and whole is None:
        raise UnknownRecurrenceError(f"a recurrence with the number {value}")
    return whole or otherwise


def _whole(value: object) -> int | None:
    """None where there is none: the ERP's numbers may be all that PostgreSQL's `numeric` is."""
    try:
        return None if value is None else int(str(value))
    except ValueError:
        return None
