"""Stands in for the JVM: says `ready`, says every signal it gets, ends as it was told to.

Run as a program of its own; imports nothing of ours, so that it cannot share a mistake.
"""

import argparse
import contextlib
import http.server
import os
import signal
import subprocess
import sys
import threading
import time

first_page = threading.Event()
"""Set by SIGUSR2: a page that takes its time is answered then."""


def say(text: str) -> None:
    os.write(1, text.encode() + b"\n")


class Health(http.server.BaseHTTPRequestHandler):
    healthy = True

    def do_GET(self) -> None:
        self.close_connection = True
        if self.path == "/slow-page":
            say("got the first page's request")
            first_page.wait()
        good = self.path == "/slow-page" or (self.path == "/health" and Health.healthy)
        self.send_response(200 if good else 503)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def main() -> int:
    options = arguments()
    if options.say:
        say(options.say)
    if options.unfinished_line:
        os.write(1, b"no newline at the end")
    if options.leave_orphan:
        # The shell ends at once; what it started belongs to the nearest subreaper then.
        subprocess.run(["sh", "-c", "sleep 0.05 &"], check=True)
    if options.keep_pipe_open:
        subprocess.Popen(["sleep", "60"])
    if options.exit is not None:
        return int(options.exit)
    if options.die_of:
        os.kill(os.getpid(), signal.Signals[options.die_of])
        time.sleep(60)
    for number in (
        signal.SIGTERM,
        signal.SIGINT,
        signal.SIGHUP,
        signal.SIGQUIT,
        signal.SIGUSR1,
        signal.SIGUSR2,
    ):
        signal.signal(number, lambda got, _: on_signal(got, deaf=options.deaf))
    if options.port:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", options.port), Health)
        threading.Thread(target=server.serve_forever, daemon=True).start()
    say("ready")
    while True:
        signal.pause()


def on_signal(got: int, *, deaf: bool) -> None:
    name = signal.Signals(got).name
    say(f"got {name}")
    if name == "SIGUSR1":
        Health.healthy = False
    elif name == "SIGUSR2":
        first_page.set()
    elif name not in {"SIGQUIT"} and not deaf:
        os._exit(128 + got)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int)
    parser.add_argument("--exit")
    parser.add_argument("--die-of")
    parser.add_argument("--say")
    parser.add_argument("--deaf", action="store_true")
    parser.add_argument("--leave-orphan", action="store_true")
    parser.add_argument("--keep-pipe-open", action="store_true")
    parser.add_argument("--unfinished-line", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        sys.exit(main())
