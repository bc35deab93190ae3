"""Secrets from files: the value, or one message that never repeats it."""

from pathlib import Path

import pytest

from contract.cluster_document import FileSecret, SecretsManagerSecret
from node.errors import ConfigurationError
from node.log import Redaction
from node.secrets import FileSecretStore, NodeSecrets, fetch_secrets
from tests.node.documents import document


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (b"plain", "plain"),
        (b"one newline\n", "one newline"),
        (b"two newlines\n\n", "two newlines\n"),
        (b" blanks stay ", " blanks stay "),
        ("ümläut €\n".encode(), "ümläut €"),
        (b"$&<>\"'\\{{", "$&<>\"'\\{{"),
    ],
)
def test_the_value_is_the_file_without_one_newline(
    tmp_path: Path, content: bytes, value: str
) -> None:
    """An editor's newline is not part of a password; anything else is."""
    (tmp_path / "password").write_bytes(content)
    assert FileSecretStore(tmp_path).value(FileSecret(name="password")) == value


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"\n", "is empty"),
        (b"zero\0byte", "zero byte"),
        (b"\xff\xfe", "not UTF-8"),
    ],
)
def test_an_unusable_file_is_refused_by_name(tmp_path: Path, content: bytes, reason: str) -> None:
    """The message names secret and file."""
    (tmp_path / "password").write_bytes(content)
    with pytest.raises(ConfigurationError, match=reason) as refusal:
        FileSecretStore(tmp_path).value(FileSecret(name="password"))
    assert str(tmp_path / "password") in str(refusal.value)
    assert "zero\0byte" not in str(refusal.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"'password': .*/password is not there"):
        FileSecretStore(tmp_path).value(FileSecret(name="password"))


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    """Root may read everything, so the sign of the trouble here is a folder in the file's place."""
    (tmp_path / "password").mkdir()
    with pytest.raises(ConfigurationError, match="cannot be read: Is a directory"):
        FileSecretStore(tmp_path).value(FileSecret(name="password"))


def test_a_store_that_this_node_does_not_have_is_refused(tmp_path: Path) -> None:
    reference = SecretsManagerSecret(arn="arn:aws:secretsmanager:eu-central-1:1:secret:x")
    with pytest.raises(ConfigurationError, match="aws-secrets-manager"):
        FileSecretStore(tmp_path).value(reference)


def test_all_missing_secrets_are_named_at_once(tmp_path: Path) -> None:
    """Nobody should have to start four times to find four missing files."""
    (tmp_path / "messaging").write_text("there")
    with pytest.raises(ConfigurationError) as refusal:
        fetch_secrets(document(database_port=1), FileSecretStore(tmp_path))
    for name in ("database-app", "database-admin", "administrator"):
        assert f"'{name}'" in str(refusal.value)
    assert "messaging" not in str(refusal.value)


def test_secrets_do_not_show_in_repr() -> None:
    """Neither the values nor a redaction of them."""
    secrets = NodeSecrets(
        database_app_password="aaaa1",
        database_admin_password="bbbb2",
        messaging_password="cccc3",
        administrator_password="dddd4",
    )
    redact = Redaction()
    redact.hide(secrets.values())
    for value in secrets.values():
        assert value not in repr(secrets)
        assert value not in repr(redact)
        assert redact(f"x{value}y") == "x[secret]y"


def test_a_secret_that_holds_another_one_is_hidden_whole() -> None:
    """The longer value goes first, or its tail would stay readable."""
    redact = Redaction()
    redact.hide(["password"])
    redact.hide(["password-and-more"])
    assert redact("it is password-and-more.") == "it is [secret]."
