"""`make run`: the database made ready, the demo scheme played once, then web and worker until Ctrl-C."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from types import FrameType
from typing import NoReturn

SECONDS_TO_START = 30
SECONDS_TO_STOP = 10
FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]


def main() -> None:
    """Start everything; end everything when one part ends or somebody asks."""
    port = _port()
    address = f"http://127.0.0.1:{port}"
    env = {"DEMO": "1", "PUBLIC_URL": address, **os.environ}
    signal.signal(signal.SIGTERM, _stop)
    try:
        for step in (["db", "upgrade"], ["demo", "--if-empty"]):
            prepared = subprocess.run([*FLASK, *step], env=env, check=False)
            if prepared.returncode:
                sys.exit(f"`flask {' '.join(step)}` failed, so nothing was started")
    except KeyboardInterrupt:
        sys.exit("Stopped before it began")
    sys.exit(run_together(commands(port), env, address=address))


def commands(port: int) -> list[list[str]]:
    """The web server and the worker, as they are started on one small machine."""
    web = [sys.executable, "-m", "gunicorn", "wsgi:app", "--bind", f"127.0.0.1:{port}", "--workers", "2"]
    # Sync workers: threads of one process would wait on SQLite's lock.
    web += ["--no-control-socket", "--log-level", "warning"]
    return [web, [*FLASK, "worker", "run"]]


def run_together(starts: Iterable[list[str]], env: Mapping[str, str], *, address: str) -> int:
    """Run all until one ends or Ctrl-C; return 0 when asked to stop, else what the first to end returned."""
    # A session of their own keeps Ctrl-C from reaching the parts before this script can stop them in order.
    parts = [subprocess.Popen(start, env=dict(env), start_new_session=True) for start in starts]
    try:
        _announce(address, parts)
        while all(part.poll() is None for part in parts):
            time.sleep(0.2)
        return next(part.returncode for part in parts if part.poll() is not None) or 1
    except KeyboardInterrupt:
        print("\nStopping", flush=True)
        return 0
    finally:
        _end(parts)


def _announce(address: str, parts: list[subprocess.Popen[bytes]]) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until and all(part.poll() is None for part in parts):
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=2).close()
        except urllib.error.HTTPError:
            pass
        except OSError:
            time.sleep(0.1)
            continue
        print(f"\nAlongside is at {address}  (Ctrl-C stops it)\n", flush=True)
        return


def _end(parts: list[subprocess.Popen[bytes]]) -> None:
    for part in parts:
        if part.poll() is None:
            part.terminate()
    for part in parts:
        try:
            part.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            part.kill()
            part.wait()


def _port() -> int:
    wish = os.environ.get("PORT", "8000")
    if not wish.isdigit() or not 0 < int(wish) < 65536:
        sys.exit(f"PORT is {wish!r}, which is not a port: give a number from 1 to 65535")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(wish)))
        except OSError:
            sys.exit(f"Port {wish} is in use. Choose another: PORT=8001 make run")
    return int(wish)


def _stop(signal_number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
