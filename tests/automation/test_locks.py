"""A lock is said with who holds it, where and since when, and with a command that works here."""

import socket

import pytest

from automation.locks import Lock, locked, read_locks

FILE = """\
error: the stack is currently locked by 2 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.
  file:///home/anna/my%20erp/.state/.pulumi/locks/organization/scipio/local/0e4f.json: created by anna@build-7f3c (pid 4242) at 2026-11-30T10:04:05Z
  file:///home/anna/my%20erp/.state/.pulumi/locks/organization/scipio/local/11aa.json: created by CORP\\anna@x@laptop (pid 7) at 2026-11-30T11:04:05+01:00
"""  # noqa: E501  as Pulumi says it
BUCKET = """\
error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.
  s3://acme-state/.pulumi/locks/organization/scipio/prod/0e4f.json: created by ci@runner (pid 12) at 2026-11-30T10:04:05Z
"""  # noqa: E501  as Pulumi says it


def test_every_holder_is_read() -> None:
    first, second = read_locks(FILE)
    assert first == Lock(
        place="/home/anna/my erp/.state/.pulumi/locks/organization/scipio/local/0e4f.json",
        user="anna",
        host="build-7f3c",
        pid=4242,
        since="2026-11-30T10:04:05Z",
    )
    assert (second.user, second.host) == ("CORP\\anna@x", "laptop")


def test_a_lock_in_a_bucket_keeps_its_url() -> None:
    (lock,) = read_locks(BUCKET)
    assert lock.place == "s3://acme-state/.pulumi/locks/organization/scipio/prod/0e4f.json"


def test_what_is_said_twice_is_one_lock() -> None:
    assert len(read_locks(FILE + FILE)) == 2


def test_the_message_says_who_where_since_when_and_what_to_do() -> None:
    said = locked("Stack prod is not up", "prod", read_locks(BUCKET))
    assert "ci@runner, pid 12, since 2026-11-30T10:04:05Z: s3://acme-state/" in said
    assert "`make unlock STACK=prod`" in said
    assert "pulumi cancel" not in said


def test_a_backend_that_says_nothing_of_it_is_said_to_be_one() -> None:
    said = locked("Stack local is not up", "local", ())
    assert "does not say whose" in said
    assert "`make unlock`" in said


@pytest.mark.parametrize("host", ["elsewhere.example", ""])
def test_a_process_of_another_host_is_never_seen(host: str) -> None:
    lock = Lock(place="/x", user="u", host=host, pid=1, since="now")
    assert not lock.is_at_work
    assert "(this machine)" not in str(lock)


def test_a_lock_of_this_machine_says_so() -> None:
    lock = Lock(place="/x", user="u", host=socket.gethostname(), pid=1, since="now")
    assert "(this machine)" in str(lock)
