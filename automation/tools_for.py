"""What tests and linters need besides Python packages."""

from enum import StrEnum

TEST_PROGRAMS = (
    *("cloud-init", "curl", "haproxy", "initdb", "iptables", "javac", "keytool", "mvn"),
    *("shellcheck", "socat"),
)
"""What the tests of `make test` start."""


class Purpose(StrEnum):
    """A word of the Makefile."""

    TEST = "test"
    DOCKER = "docker"
    LINT = "lint"


def ensure(purpose: Purpose) -> None:
    """Everything is there afterwards; raises `MissingToolError` naming what is not."""
    from automation import artifacts, base_image, debian, docker_engine, pulumi_cli

    match purpose:
        case Purpose.TEST:
            debian.ensure(TEST_PROGRAMS, purpose="`make test`")
            artifacts.ensure_java()
            pulumi_cli.ensure()
        case Purpose.DOCKER:
            engine = docker_engine.ensure()
            base_image.ensure(engine)
            artifacts.ensure_java()
            artifacts.ensure_python(engine)
            pulumi_cli.ensure()
        case Purpose.LINT:
            debian.ensure(["shellcheck"], purpose="`make lint`")
