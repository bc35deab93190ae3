"""One Docker engine for the whole program, or none.

Pulumi's Docker plugin has two parts of its own, of which one follows Docker contexts and the other
reads DOCKER_HOST: images would be built on one engine and containers made on another. `make up`
sets DOCKER_HOST for both; in an ordinary `pulumi up` the person does.
"""

from collections.abc import Mapping

import pulumi

from contract.docker_endpoint import UnusableContextError, docker_endpoint

CHOSEN_IN_THE_STACK = ("docker:host", "docker:context")


def refuse_two_engines(environ: Mapping[str, str], configuration: Mapping[str, object]) -> None:
    """Raise `pulumi.RunError` where parts of the plugin could find different engines."""
    if any(key in configuration for key in CHOSEN_IN_THE_STACK):
        return
    try:
        found = docker_endpoint(environ)
    except UnusableContextError as error:
        raise pulumi.RunError(str(error)) from error
    if not found.by_context and not environ.get("DOCKER_CONTEXT"):
        return
    exports = " ".join(f"{key}={value}" for key, value in found.variables().items())
    named = f"{found.chosen_by} and DOCKER_CONTEXT" if not found.by_context else found.chosen_by
    raise pulumi.RunError(
        f"{named}: not every part of Pulumi's Docker plugin follows a Docker context, so images "
        "and containers could get to different engines. Name the engine once, and run the command "
        f"again: `export {exports}; unset DOCKER_CONTEXT`. `make up` does so by itself."
    )
