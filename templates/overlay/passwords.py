"""passwords.properties: the database password, which entityengine.xml only looks up."""

from templates.overlay.contexts import PasswordsProperties
from templates.overlay.error import OverlayError
from templates.overlay.files import TreeText
from templates.overlay.merged_properties import merge_properties

PASSWORD_LOOKUP = "cluster-database"  # noqa: S105 - the name of a key, not a password


def merge_passwords(own: TreeText, database_password: str) -> bytes:
    """The tree's passwords.properties with the database password. Raises OverlayError."""
    if not database_password or database_password != database_password.strip():
        # UtilProperties.java:463 trims; EntityConfig.java:369 refuses an empty one.
        raise OverlayError(
            own.path,
            f"jdbc-password.{PASSWORD_LOOKUP}",
            "the database password is empty, or begins or ends with a blank that the ERP cuts off",
            "Set another password for the application's role",
        )
    fragment = PasswordsProperties(password_lookup=PASSWORD_LOOKUP, password=database_password)
    return merge_properties(own, fragment)
