"""Who taught each session."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from portal.accounts.models import User
from portal.cohorts.models import CohortSession
from portal.web.fields import Form, SelectField


def taught_form(sessions: Sequence[CohortSession], users: Sequence[User]) -> Any:
    """A form with a choice for each session that was held."""
    choices = [("", "Nobody written down"), *((str(user.id), user.name) for user in users)]
    fields = {
        f"taught_{each.id}": SelectField(f"Session {each.number}, {each.title}", choices=choices) for each in sessions
    }
    shown = {f"taught_{each.id}": str(each.taught_by_id) if each.taught_by_id else None for each in sessions}
    return type("TaughtForm", (Form,), fields)(data=shown)


def chosen(form: Any, sessions: Sequence[CohortSession]) -> dict[int, int | None]:
    """What was chosen, by session."""
    picked = {each.id: form[f"taught_{each.id}"].data for each in sessions}
    return {number: int(value) if value else None for number, value in picked.items()}
