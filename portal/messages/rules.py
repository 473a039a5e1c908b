"""A letter: what a package wants to tell somebody, before it is rendered and queued."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Letter:
    """One message to one person: which template, and the facts it may use.

    `template` names `templates/messages/<template>.txt`, whose first line is `Subject: …`. An empty `to_address`
    means that the person has no e-mail: the letter is not queued, and the caller's page must say so.
    """

    template: str
    to_address: str
    to_name: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    scheme_id: int | None = None
    volunteer_id: int | None = None
