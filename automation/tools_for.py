"""What tests and linters need besides Python packages."""

from enum import StrEnum


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
            tools = ["initdb", "haproxy", "socat", "mvn", "javac", "keytool", "iptables"]
            debian.ensure(tools, purpose="`make test`")
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
