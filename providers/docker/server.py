"""The process: a port on stdout, work until it is ordered to stop or the engine is gone."""

import os
import signal
import stat
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from types import FrameType

import grpc
from pulumi.runtime.proto import provider_pb2_grpc

from providers.docker.engine_log import EngineLog
from providers.docker.servicer import DockerServicer

WORKERS = 64
"""Calls at once: containers that wait for health each hold one."""

MAX_MESSAGE_BYTES = 400 * 1024 * 1024
"""The engine's own limit for one message (`sdk/go/common/util/rpcutil`)."""

LAST_CALLS_S = 2
"""How long calls may still end after the word to stop; the engine kills after five seconds."""


def serve(engine_address: str) -> None:
    """Serve one engine; returns when asked to stop (SIGINT, SIGTERM) or when it is gone."""
    stop = threading.Event()
    servicer = DockerServicer(EngineLog(engine_address))
    options = [
        ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
        ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
    ]
    server = grpc.server(ThreadPoolExecutor(max_workers=WORKERS), options=options)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    _stop_on_signals(stop)
    _stop_without_engine(stop)
    server.start()
    # The engine reads the port from the first line; whatever else is printed must go elsewhere.
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    stop.wait()
    servicer.stop_work()
    server.stop(grace=LAST_CALLS_S).wait()


def _stop_on_signals(stop: threading.Event) -> None:
    def asked(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001 - Python's form
        stop.set()

    signal.signal(signal.SIGINT, asked)
    signal.signal(signal.SIGTERM, asked)


def _stop_without_engine(stop: threading.Event) -> None:
    """The engine holds the other end of stdin open as long as it lives, however it ends."""
    if not stat.S_ISFIFO(os.fstat(sys.stdin.fileno()).st_mode):
        return

    def watch() -> None:
        while os.read(0, 4096):
            pass
        stop.set()

    threading.Thread(target=watch, name="engine-watch", daemon=True).start()
