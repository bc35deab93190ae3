"""What libpq's words of a failed connection mean, as PostgreSQL 15 and libpq 18 say them."""

import pytest

from node.database.connection import Refusal, refusal_of

AT = 'connection failed: connection to server at "127.0.0.1", port 5432 failed: '


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (AT + "Connection refused Is the server running", Refusal.REFUSED),
        (AT + 'FATAL: password authentication failed for user "x"', Refusal.PASSWORD),
        (AT + "FATAL: the database system is starting up", Refusal.NOT_YET),
        (AT + "FATAL: the database system is not yet accepting connections", Refusal.NOT_YET),
        (AT + "FATAL: sorry, too many clients already", Refusal.NOT_YET),
        (AT + "FATAL: remaining connection slots are reserved", Refusal.NOT_YET),
        (AT + 'FATAL: database "x" does not exist', Refusal.NO_DATABASE),
        (AT + 'FATAL: permission denied for database "x"', Refusal.NOT_ALLOWED),
        (AT + 'FATAL: no pg_hba.conf entry for host "1.2.3.4"', Refusal.NOT_ALLOWED),
        (AT + "SSL error: certificate verify failed", Refusal.UNTRUSTED),
        (AT + "server does not support SSL, but SSL was required", Refusal.UNTRUSTED),
        (AT + "server closed the connection unexpectedly", Refusal.LOST),
        (AT + "timeout expired", Refusal.SILENT),
        ("[Errno -2] Name or service not known", Refusal.UNKNOWN_HOST),
        ("could not translate host name", Refusal.UNKNOWN_HOST),
        ("connection timeout expired", Refusal.SILENT),
        ("something that nobody has seen", Refusal.LOST),
    ],
)
def test_the_words_have_their_meaning(words: str, refusal: Refusal) -> None:
    assert refusal_of(words) is refusal
