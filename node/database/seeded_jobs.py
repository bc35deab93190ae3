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
from node.database.recurrence import Frequency, Unit, next_time
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
       AND (other.parent_job_id = again.job_id
            OR (other.job_name = again.job_name AND other.service_name = again.service_name)))
"""
_DUE = """
SELECT job_id, run_time, temp_expr_id, recurrence_info_id
  FROM job_sandbox
 WHERE status_id IS NULL AND start_date_time IS NULL AND run_by_instance_id IS NULL
   AND cancel_date_time IS NULL AND event_id IS NULL AND run_time <= %s
   AND (temp_expr_id IS NOT NULL OR recurrence_info_id IS NOT NULL)
   AND coalesce(max_recurrence_count, -1) <> 0
   FOR UPDATE
"""
_EXPRESSIONS = """
SELECT temp_expr_id, temp_expr_type_id, date1, date2, integer1, integer2
  FROM temporal_expression
"""
_ASSOCIATIONS = """
SELECT from_temp_expr_id, to_temp_expr_id, coalesce(expr_assoc_type, '') AS kind
  FROM temporal_expression_assoc ORDER BY from_temp_expr_id, to_temp_expr_id
"""
_RULES = """
SELECT info.recurrence_info_id, info.start_date_time, info.recurrence_count,
       info.exception_date_times, info.recurrence_date_times, info.exception_rule_id, rule.*
  FROM recurrence_info AS info JOIN recurrence_rule AS rule USING (recurrence_rule_id)
"""


@dataclass(frozen=True, kw_only=True)
class SettledJobs:
    """What was done to the jobs of a load."""

    moved: int
    removed: int
    """Rows of a job that recurs already under another id."""
    unknown: tuple[str, ...]
    """One sentence for each job whose recurrence cannot be told here; it was moved by days."""


def settle_seeded_jobs(connection: Connection, zone: ZoneInfo, *, now: datetime) -> SettledJobs:
    """No recurring job that a load made is due before its schedule says, and none is there twice.

    Left alone: jobs that do not recur, which are meant to run once after an installation, and those
    of start-up events, which run at every boot. One transaction; a second time nothing is left to
    do. Does nothing where the ERP's tables of jobs are not all there.
    """
    if not all(table_exists(connection, table) for table in TABLES):
        return SettledJobs(moved=0, removed=0, unknown=())
    with connection.transaction():
        removed = connection.execute(_REMOVE_SECOND_CHAINS).rowcount
        schedules = _Schedules.read(connection, zone)
        moved, unknown = 0, []
        for job in connection.cursor(row_factory=dict_row).execute(_DUE, [now]).fetchall():
            try:
                moment = schedules.next_time(job, now)
            except UnknownRecurrenceError as fault:
                unknown.append(f"{job['job_id']}: {fault}")
                moment = schedules.next_day(job, now)
            if moment is not None:
                connection.execute(
                    "UPDATE job_sandbox SET run_time = %s WHERE job_id = %s",
                    [moment, job["job_id"]],
                )
                moved += 1
    return SettledJobs(moved=moved, removed=removed, unknown=tuple(unknown))


@dataclass(frozen=True, kw_only=True)
class _Schedules:
    """All that can make a job recur."""

    zone: ZoneInfo
    """Of the node's JVM, in which the ERP reckons."""
    expressions: Mapping[str, ExpressionRow]
    rules: Mapping[str, RuleRow]

    @classmethod
    def read(cls, connection: Connection, zone: ZoneInfo) -> "_Schedules":
        cursor = connection.cursor(row_factory=dict_row)
        children: dict[str, list[tuple[str, str]]] = {}
        for row in cursor.execute(_ASSOCIATIONS):
            children.setdefault(row["from_temp_expr_id"], []).append(
                (row["kind"], row["to_temp_expr_id"])
            )
        return cls(
            zone=zone,
            expressions={
                row["temp_expr_id"]: ExpressionRow(
                    kind=row["temp_expr_type_id"],
                    start=_local(row["date1"], zone),
                    integer_1=_number(row["integer1"]),
                    integer_2=_number(row["integer2"]),
                    children=tuple(children.get(row["temp_expr_id"], ())),
                )
                for row in cursor.execute(_EXPRESSIONS)
            },
            rules={row["recurrence_info_id"]: _rule(row, zone) for row in cursor.execute(_RULES)},
        )

    def next_time(self, job: Mapping[str, Any], now: datetime) -> datetime | None:
        """None when the schedule is over. Raises UnknownRecurrenceError."""
        seeded, here = _wall_clock(job["run_time"], self.zone), _wall_clock(now, self.zone)
        info, name = job["recurrence_info_id"], job["temp_expr_id"]
        # The ERP looks at the older kind first (PersistedServiceJob.java).
        if info is not None:
            if info not in self.rules:
                raise UnknownRecurrenceError(f"recurrence {info!r} is not there, or has no rule")
            try:
                expression = expression_of_rule(self.rules[info], here)
            except ExpiredRecurrenceError:
                return None
        else:
            expression = expression_of(self.expressions, name, seeded)
        return self._moment(next_time(expression, now=here, seeded=seeded))

    def next_day(self, job: Mapping[str, Any], now: datetime) -> datetime | None:
        """The job's own time of day, when it comes next."""
        seeded, here = _wall_clock(job["run_time"], self.zone), _wall_clock(now, self.zone)
        daily = Frequency(start=seeded, unit=Unit.DAY)
        return self._moment(next_time(daily, now=here, seeded=seeded))

    def _moment(self, wall_clock: datetime | None) -> datetime | None:
        return None if wall_clock is None else wall_clock.replace(tzinfo=self.zone)


def _rule(row: Mapping[str, Any], zone: ZoneInfo) -> RuleRow:
    own = (row["exception_date_times"], row["recurrence_date_times"], row["exception_rule_id"])
    return RuleRow(
        start=_wall_clock(row["start_date_time"], zone),
        done=int(row["recurrence_count"] or 0),
        frequency=str(row["frequency"]),
        interval=int(row["interval_number"] or 1),
        # Without a number the ERP takes 0, and the job does not recur (RecurrenceRule.getCount).
        limit=int(row["count_number"] or 0),
        until=_local(row["until_date_time"], zone),
        only={column: row[column] for column in row if column.endswith("_list") and row[column]},
        has_own_dates=any(own),
    )


def _wall_clock(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def _local(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    return None if moment is None else _wall_clock(moment, zone)


def _number(value: object) -> int | None:
    return None if value is None else int(str(value))
