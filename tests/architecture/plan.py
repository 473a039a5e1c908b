"""The rules of the house as functions: each takes what it judges and returns what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter

from portal.access import GRANTS, Can, Role

ROOT = Path(__file__).resolve().parents[2]
FILE_NAMES = {
    "models", "rules", "gates", "queries", "services", "messages", "documents", "forms", "views", "commands",
}  # fmt: skip
EXTRA = {"volunteers": {"journey"}}
SHARED = {"web", "documents", "static"}  # what every page and every PDF shares: no stage of the journey


def files_out_of_plan(portal: Path) -> list[str]:
    """Files of a stage with an eleventh name, folders that are no package, packages with nothing in them."""
    wrong = []
    for package in sorted(each for each in portal.iterdir() if each.is_dir() and each.name not in SHARED):
        if package.name == "__pycache__":
            continue
        names = {file.stem for file in package.glob("*.py")} - {"__init__"}
        wrong += [f"{package.name}/{name}.py" for name in sorted(names - FILE_NAMES - EXTRA.get(package.name, set()))]
        if not names:
            wrong.append(f"{package.name} is empty")
        if not (package / "__init__.py").exists():
            wrong.append(f"{package.name} has no __init__.py")
    return wrong


def long_files(files: Iterable[Path], most: int) -> list[str]:
    """Files of more lines than `most`."""
    return [f"{file.name}: {count}" for file in files if (count := len(file.read_text().splitlines())) > most]


def unmarked_views(app: Flask) -> list[str]:
    """Endpoints that say nothing about who may open them."""
    return sorted(
        name for name, view in app.view_functions.items() if not isinstance(getattr(view, "needs", None), Can)
    )


def access_matrix(app: Flask, grants: Mapping[Role, frozenset[Can]] = GRANTS) -> str:
    """One line an endpoint: its methods and path, what it needs, which roles that lets in."""
    lines = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule)):
        need: Can = app.view_functions[rule.endpoint].needs  # type: ignore[attr-defined]
        methods = ",".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        if need is Can.VISIT:
            let_in = "everybody"
        elif need is Can.SIGNED_IN:
            let_in = "everybody signed in"
        else:
            let_in = ", ".join(role.value for role in Role if need in grants[role]) or "nobody"
        lines.append(f"{rule.endpoint} | {methods} {rule.rule} | {need.name} | {let_in}")
    return "\n".join(lines) + "\n"


def commits_elsewhere(files: Mapping[str, str]) -> list[str]:
    """Lines that commit outside the one place that does, the commands and the worker.

    A savepoint (`begin_nested`) keeps nothing by itself: it is how one refusal of the database is caught and said.
    """
    allowed = re.compile(r"(^|/)(database|worker|commands)\.py$")
    return [
        f"{name}:{number}"
        for name, source in files.items()
        if not allowed.search(name)
        for number, line in enumerate(source.splitlines(), 1)
        if re.search(r"\bsession(\(\))?\.commit\(", line)
    ]


def direct_clocks(files: Mapping[str, str]) -> list[str]:
    """Lines that ask the machine for the time, past `portal.clock`."""
    return [
        f"{name}:{number}"
        for name, source in files.items()
        if not name.endswith("clock.py")
        for number, line in enumerate(source.splitlines(), 1)
        if re.search(r"\b(datetime\.(now|utcnow|today)|date\.today|time\.time)\(", line)
    ]


def stage_writers(files: Mapping[str, str]) -> list[str]:
    """Lines that write a volunteer's stage, past `volunteer.make`."""
    return [
        f"{name}:{number}"
        for name, source in files.items()
        if not name.endswith("volunteers/models.py")
        for number, line in enumerate(source.splitlines(), 1)
        if re.search(r"\.stage(_since)?\s*=[^=]", line)
    ]


def sources(*folders: str) -> dict[str, str]:
    """Every Python file below these folders of the project, by its path in it."""
    return {
        str(file.relative_to(ROOT)): file.read_text()
        for folder in folders
        for file in sorted((ROOT / folder).rglob("*.py"))
    }


def values_for(rule: Any, number: int) -> dict[str, Any]:
    """Something for every part of a path: `number` for each id, a word for each text."""
    return {
        name: number if isinstance(converter, IntegerConverter) else "no-such-thing"
        for name, converter in rule._converters.items()
    }


if __name__ == "__main__":
    # `python -m tests.architecture.plan` writes the matrix anew, for a review to see what changed
    from config import Settings
    from portal import create_app

    portal = create_app(Settings(environment="test", database_url="sqlite://"))
    (ROOT / "tests/architecture/access_matrix.txt").write_text(access_matrix(portal))
