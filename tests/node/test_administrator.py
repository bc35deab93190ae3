"""The administrator's password as the ERP will read it."""

import subprocess
from pathlib import Path

import pytest
from lxml import etree

from node.administrator import administrator_data, password_hash

CHECK = """
import java.util.Base64;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

class Check {
    public static void main(String[] words) throws Exception {
        String[] parts = words[0].split("\\\\$");
        int iterations = Integer.parseInt(parts[0].substring("{PBKDF2-SHA512}".length()));
        byte[] salt = Base64.getDecoder().decode(parts[1]);
        byte[] key = Base64.getDecoder().decode(parts[2]);
        PBEKeySpec spec = new PBEKeySpec(words[1].toCharArray(), salt, iterations, key.length * 8);
        byte[] again = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512")
                .generateSecret(spec).getEncoded();
        System.out.print(java.util.Arrays.equals(key, again));
    }
}
"""
"""Java's own arithmetic, written from the description of the format and not from our code."""


@pytest.fixture(scope="module")
def check(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the compiled class."""
    folder = tmp_path_factory.mktemp("check")
    (folder / "Check.java").write_text(CHECK)
    subprocess.run(["javac", "Check.java"], cwd=folder, check=True)
    return folder


@pytest.mark.parametrize("password", ["plain", "ümläut € 字", "$&<>\"'\\ {{"])
def test_java_computes_the_same_key(check: Path, password: str) -> None:
    """The ERP verifies with Java's PBKDF2WithHmacSHA512 over the characters of the password."""

    def answer(given: str) -> str:
        return subprocess.run(
            [
                "java",
                "-Dfile.encoding=UTF-8",
                "-Dsun.jnu.encoding=UTF-8",
                "-cp",
                str(check),
                "Check",
                hashed,
                given,
            ],
            capture_output=True,
            text=True,
            check=True,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        ).stdout

    hashed = password_hash(password)
    assert answer(password) == "true"
    assert answer(password + "x") == "false"


def test_every_hash_has_a_salt_of_its_own() -> None:
    assert password_hash("same") != password_hash("same")


@pytest.mark.parametrize("user", ["admin", 'a"d<m>i&n', "o'brien"])
def test_the_data_file_reads_back_equal(user: str) -> None:
    """Whatever the log-in is called."""
    hashed = password_hash("x")
    [login] = etree.fromstring(administrator_data(user, hashed))
    assert {name: login.get(name) for name in login.attrib} == {
        "userLoginId": user,
        "currentPassword": hashed,
        "requirePasswordChange": "N",
        "enabled": "Y",
    }
