"""Say how many tests ran on each database, from pytest's own report; fail if one was skipped."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def count(report: str) -> Counter[str]:
    """How many tests ran on each database, on none, and how many were skipped, by name of the database."""
    counted: Counter[str] = Counter()
    for case in ElementTree.fromstring(report).iter("testcase"):
        if case.find("skipped") is not None:
            counted["skipped"] += 1
            continue
        parameters = case.get("name", "").partition("[")[2].rstrip("]").split("-")
        found = [label for key, label in DATABASES.items() if key in parameters]
        counted[found[0] if found else "no database"] += 1
    return counted


def main() -> None:
    """Print the counts of the report named on the command line."""
    counted = count(Path(sys.argv[1]).read_text(encoding="utf-8"))
    for name in (*DATABASES.values(), "no database", "skipped"):
        print(f"{counted[name]:>6} tests: {name}")
    if counted["skipped"]:
        sys.exit("Tests were skipped: a full run has none")


if __name__ == "__main__":
    main()
