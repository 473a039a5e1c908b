"""The table of features says nothing that no test shows."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROWS = [
    [cell.strip() for cell in line.strip("|\n").split("|")]
    for line in (ROOT / "docs/features.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| F")
]
LAST = 122
STATES = {"works", "part", "not yet"}


def named_in(cell: str) -> list[tuple[str, str]]:
    """(file, test) for each test a cell names."""
    return re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", cell)


def test_every_number_is_there_once_and_in_order():
    assert [row[0] for row in ROWS] == [f"F{number}" for number in range(1, LAST + 1)]


def test_every_row_has_one_of_the_three_states_and_says_what_is_there():
    for number, feature, state, what, _tests in ROWS:
        assert state in STATES, number
        assert feature, number
        assert bool(what) == (state != "not yet"), number


def test_nothing_works_even_in_part_without_a_test():
    assert [row[0] for row in ROWS if bool(named_in(row[4])) != (row[2] != "not yet")] == []


def test_every_test_that_is_named_exists():
    missing = []
    for row in ROWS:
        assert row[4].count("::") == len(named_in(row[4])), f"{row[0]} names a test in another way"
        for file, test in named_in(row[4]):
            path = ROOT / file
            if not path.exists() or f"\ndef {test}(" not in path.read_text(encoding="utf-8"):
                missing.append(f"{row[0]}: {file}::{test}")
    assert missing == []
