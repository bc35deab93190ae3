"""`pulumi-resource-aws`: the engine starts it, reads its port and ends it.

As `pulumi-resource-docker` (`AWS_DOUBLE_PLUGIN=docker`) it serves the images that are built and
pushed into the account, and builds none.
"""

import os
import signal
import stat
import threading
from concurrent.futures import ThreadPoolExecutor

import grpc
from pulumi.runtime.proto import provider_pb2_grpc

from tests.engine.doubles.aws.servicer import AwsServicer


def main() -> None:
    """Serve until a signal, or until the engine at the other end of stdin is gone."""
    end = threading.Event()
    plugin = os.environ.get("AWS_DOUBLE_PLUGIN", "aws")
    for wanted in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wanted, lambda *_: end.set())
    server = grpc.server(ThreadPoolExecutor(max_workers=16))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(AwsServicer(plugin), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    if stat.S_ISFIFO(os.fstat(0).st_mode):
        threading.Thread(target=_wait_for_engine, args=(end,), daemon=True).start()
    end.wait()
    server.stop(grace=2).wait()


def _wait_for_engine(end: threading.Event) -> None:
    while os.read(0, 4096):
        pass
    end.set()


if __name__ == "__main__":
    main()
