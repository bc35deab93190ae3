"""Secrets from files: the value, or one message that never repeats it."""

from pathlib import Path

import pytest

from contract.cluster_document import FileSecret, SecretsManagerSecret
from node.errors import ConfigurationError
from node.log import Redaction
from node.secrets import FileSecretStore, NodeSecrets, fetch_secrets, still_there
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


def test_what_an_earlier_preparation_used_up_is_missed_when_it_is_needed(tmp_path: Path) -> None:
    """A server that has served once starts its node again without it."""
    for name in ("database-app", "messaging"):
        (tmp_path / name).write_text("there")
    preparation = tmp_path / "preparation"
    preparation.mkdir()
    made = document(database_port=1)

    secrets = fetch_secrets(made, FileSecretStore(tmp_path, preparation))

    assert secrets.database_admin_password is secrets.administrator_password is None
    assert secrets.values() == ("there", "there")
    with pytest.raises(ConfigurationError, match="'database-admin': this server removed it"):
        still_there(secrets.database_admin_password, made.database.admin_password)


def test_secrets_of_the_preparation_are_read_and_removed(tmp_path: Path) -> None:
    preparation = tmp_path / "preparation"
    preparation.mkdir()
    (preparation / "database-admin").write_text("once\n")
    store = FileSecretStore(tmp_path, preparation)
    reference = FileSecret(name="database-admin")

    assert store.value(reference) == "once"
    store.remove_preparation()

    assert list(preparation.iterdir()) == []
    assert store.was_removed(reference)


def test_without_such_a_folder_a_missing_secret_is_a_fault(tmp_path: Path) -> None:
    store = FileSecretStore(tmp_path, tmp_path / "none")

    store.remove_preparation()
    assert not store.was_removed(FileSecret(name="database-admin"))


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
