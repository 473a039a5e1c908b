"""Databases with nothing in them, for tests that make the tables themselves."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.databases import empty_database


@pytest.fixture
def new_database(database_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Call it for the address of a new empty database of the kind asked for."""
    server = request.getfixturevalue("postgresql_url") if database_name == "postgresql" else None
    opened: list[Any] = []

    def new() -> str:
        database = empty_database(server, tmp_path / f"{secrets.token_hex(4)}.sqlite")
        opened.append(database)
        return str(database.__enter__())

    yield new
    for database in opened:
        database.__exit__(None, None, None)
