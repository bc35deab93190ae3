"""The ERP administrator's password, as data for the ERP's own loader."""

import base64
import hashlib
import os
from xml.sax.saxutils import quoteattr

ITERATIONS = 100_000
"""Stock writes 10,000; a log-in takes the number from the hash (HashCrypt.doComparePbkdf2)."""
SALT_BYTES = 16
KEY_BYTES = 32


def password_hash(password: str, salt: bytes | None = None) -> str:
    """`{PBKDF2-SHA512}<iterations>$<salt>$<key>`, both in base64: HashCrypt.pbkdf2HashCrypt."""
    salt = os.urandom(SALT_BYTES) if salt is None else salt
    key = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ITERATIONS, KEY_BYTES)
    return f"{{PBKDF2-SHA512}}{ITERATIONS}${_text(salt)}${_text(key)}"


def administrator_data(user: str, hashed_password: str) -> bytes:
    """An entity data file that sets the password of the log-in `user` and enables it."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        "<entity-engine-xml>\n"
        f"    <UserLogin userLoginId={quoteattr(user)} currentPassword={quoteattr(hashed_password)}"
        ' requirePasswordChange="N" enabled="Y"/>\n'
        "</entity-engine-xml>\n"
    ).encode()


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")
