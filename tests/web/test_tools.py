"""`make run` ends what it started, and the count of a full run tells which database each test used."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.skips import ROOT, needs
from tools import bootstrap, counted, run

SERVER = """
import http.server, sys
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), http.server.SimpleHTTPRequestHandler).serve_forever()
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_when_one_part_ends_the_other_is_ended_and_the_failure_is_told() -> None:
    port = free_port()
    parts = [[sys.executable, "-c", SERVER, str(port)], [sys.executable, "-c", "raise SystemExit(7)"]]
    assert run.run_together(parts, os.environ, address=f"http://127.0.0.1:{port}") == 7
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_a_termination_stops_both_parts(tmp_path: Path) -> None:
    port = free_port()
    script = f"""
import os, signal, sys
from tools import run
signal.signal(signal.SIGTERM, run._stop)
server = [sys.executable, "-c", {SERVER!r}, "{port}"]
idle = [sys.executable, "-c", "import threading; threading.Event().wait()"]
sys.exit(run.run_together([server, idle], os.environ, address="http://127.0.0.1:{port}"))
"""
    started = subprocess.Popen(
        [sys.executable, "-u", "-c", script], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    watchdog = threading.Timer(30, started.kill)
    watchdog.start()
    assert started.stdout is not None
    line = next(line for line in started.stdout if line.strip())
    assert f"http://127.0.0.1:{port}" in line
    started.terminate()
    rest = started.stdout.read()
    assert started.wait() == 0
    watchdog.cancel()
    started.stdout.close()
    assert "Stopping" in rest
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


@pytest.mark.parametrize("wish", ["", "x", "0", "70000", "-1", "80 80"])
def test_a_port_that_is_none_is_told_in_words(wish: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", wish)
    with pytest.raises(SystemExit, match="not a port"):
        run._port()


def test_a_port_in_use_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("PORT", str(taken.getsockname()[1]))
        with pytest.raises(SystemExit, match="is in use"):
            run._port()


def test_tests_are_counted_by_database() -> None:
    report = """<testsuites><testsuite>
    <testcase name="test_a[sqlite]"/><testcase name="test_a[postgresql]"/><testcase name="test_b[x-postgresql]"/>
    <testcase name="test_sqlite_is_only_in_my_name"/><testcase name="test_c"><skipped/></testcase>
    </testsuite></testsuites>"""
    assert counted.count(report) == {"SQLite": 1, "PostgreSQL": 2, "no database": 1, "skipped": 1}


def test_set_up_does_nothing_twice_and_again_when_a_lock_changes(tmp_path: Path) -> None:
    lock, folder = tmp_path / "lock.txt", tmp_path / "installed"
    lock.write_text("one", encoding="utf-8")
    assert not bootstrap._is_fresh(folder, lock)
    bootstrap._stamp(folder, lock)
    assert bootstrap._is_fresh(folder, lock)
    lock.write_text("two", encoding="utf-8")
    assert not bootstrap._is_fresh(folder, lock)


def test_without_node_npm_comes_from_the_python_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    version = subprocess.run([*bootstrap.npm(), "--version"], capture_output=True, text=True, check=True)
    assert int(version.stdout.split(".")[0]) >= 10


def test_a_missing_tool_skips_a_test_and_fails_a_full_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ALONGSIDE_FULL", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no-such-tool is not on this machine"):
        needs("no-such-tool")
    monkeypatch.setenv("ALONGSIDE_FULL", "1")
    with pytest.raises(pytest.fail.Exception, match="no-such-tool is missing"):
        needs("no-such-tool")
