"""Who acts, and how a line of the record is chained to the one before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

HIDDEN = "[hidden]"
FIRST = "0" * 64


class Actor(Protocol):
    """Whoever acts: a user, or somebody without an account."""

    @property
    def id(self) -> int | None:
        """The user's number, None without an account."""

    @property
    def name(self) -> str:
        """How the record calls them."""


@dataclass(frozen=True)
class Outsider:
    """Somebody without an account: a referee by link, an applicant by code, the worker."""

    name: str
    id: int | None = None


WORKER = Outsider("Alongside (by itself)")


def chained(previous: str, line: Mapping[str, Any]) -> str:
    """The hash of a line that stands behind `previous`: SHA-256, 64 hexadecimal digits.

    Altering, removing or inserting a line anywhere breaks every hash behind it.
    """
    body = json.dumps(line, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()
