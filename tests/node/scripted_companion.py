"""Stands in for `node keep`: says the node's place in `membership.json`, obeys the two signals.

Run as a program of its own; imports nothing of ours, so that it cannot share a mistake. Its working
files are beside `membership.json`: `jobs` holds how many jobs run, `fenced` fences the node, `mute`
silences it, `unconfirmed` keeps the database from confirming anything.
"""

import argparse
import json
import os
import signal
import sys
import time
from pathlib import Path

ORDERS = {signal.SIGUSR1, signal.SIGTERM}


def say(text: str) -> None:
    os.write(1, f"companion: {text}\n".encode())


def main() -> int:
    options = arguments()
    signal.pthread_sigmask(signal.SIG_BLOCK, ORDERS)
    folder = Path(options.folder)
    if options.exit is not None:
        return int(options.exit)
    say("begins")
    state = "alive"
    while True:
        if not (folder / "mute").exists():
            write(folder, "fenced" if (folder / "fenced").exists() else state)
        order = signal.sigtimedwait(ORDERS, 0.05)
        if order is None:
            continue
        if order.si_signo == signal.SIGTERM:
            say("hands back")
            return 0
        say("drains")
        state = "draining"


def write(folder: Path, state: str) -> None:
    jobs = folder / "jobs"
    uptime = time.clock_gettime(time.CLOCK_BOOTTIME)
    said = {
        "at": time.time(),
        "state": state,
        "instanceId": "app-1",
        "runningJobs": int(jobs.read_text()) if jobs.exists() else 0,
        "liveNodes": ["app-1"],
        "sentence": f"The companion says {state}.",
        "confirmedUptimeS": None if (folder / "unconfirmed").exists() else uptime,
    }
    new = folder / "membership.new"
    new.write_text(json.dumps(said))
    new.replace(folder / "membership.json")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--exit")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
