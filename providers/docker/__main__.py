"""`pulumi-resource-docker`: started by the engine, with its address as the argument."""

import os
import sys

from providers.docker.server import serve


def main() -> None:
    """Serve until the engine is done with us."""
    addresses = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    if len(addresses) != 1:
        sys.exit(
            "pulumi-resource-docker: got "
            f"{' '.join(sys.argv[1:]) or 'no argument'}; must be the engine's address. "
            "The Pulumi engine starts this program; it is of no use by hand."
        )
    serve(addresses[0])
    # A call that hangs in Docker must not keep the process: the engine waits for its end.
    os._exit(0)


if __name__ == "__main__":
    main()
