"""What is asked of somebody who cannot come; and reading a received text as a service hands it in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from courses.marks import AbsenceReason
from portal.apologies.queries import Coming
from portal.apologies.rules import LONGEST_NOTE, LONGEST_TEXT, OWN_REASONS
from portal.cohorts.models import Enrolment
from portal.web import text
from portal.web.fields import Form, RadiosField, SelectField, TextField
from portal.web.formats import short_day, time_of_day

OWN_CHOICES = [("", "I would rather not say"), *((reason.value, words) for reason, words in OWN_REASONS.items())]
CHOICES = [("", "They did not say"), *((reason.value, reason.label) for reason in AbsenceReason)]
FREE = "You do not have to say. Only your trainers and your coordinator see it."


class _WithReason(Form):
    """A form that asks why."""

    reason: SelectField

    def why(self) -> AbsenceReason | None:
        """The reason that was chosen."""
        return AbsenceReason(self.reason.data) if self.reason.data else None


class TellForm(_WithReason):
    """Why somebody cannot come: nothing must be answered."""

    reason = SelectField("Why can you not come?", choices=OWN_CHOICES, hint=FREE)
    note = TextField("Is there anything else we should know?", called="What you write", max_length=LONGEST_NOTE)


class ForThemForm(_WithReason):
    """Who rang to say that they cannot come."""

    person = SelectField("Who cannot come?", coerce=int, required="Choose who cannot come")
    reason = SelectField("Why?", choices=CHOICES, hint="Leave it empty if they did not say.")
    note = TextField("Note", called="The note", max_length=LONGEST_NOTE)

    def offer(self, enrolments: Sequence[Enrolment]) -> None:
        """Put in who can be chosen."""
        self.person.choices = [("", "Choose somebody"), *((each.id, each.volunteer.name) for each in enrolments)]


class TextForm(_WithReason):
    """Which session a text is about."""

    cohort_session = RadiosField("Which session can they not come to?", coerce=int, required="Choose a session")
    reason = SelectField("Why?", choices=CHOICES, hint="Leave it empty if they did not say.")

    def offer(self, sessions: Sequence[Coming]) -> None:
        """Put in what can be chosen."""
        self.cohort_session.choices = [(each.id, words(each)) for each in sessions]


def words(each: Coming) -> str:
    """A session as a choice."""
    return f"Session {each.number}, {short_day(each.starts_at)}, {time_of_day(each.starts_at)}: {each.title}"


class TextUnreadable(ValueError):
    """What was handed in is no text message; its words say why."""


@dataclass(frozen=True)
class Handed:
    """A text message as it was handed in."""

    notify_id: str
    number: str
    words: str
    received_at: datetime


def read(body: bytes) -> Handed:
    """The text message in this JSON. Raises `TextUnreadable`; the words never hold what was sent."""
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise TextUnreadable("This is not JSON") from error
    if not isinstance(sent, dict):
        raise TextUnreadable("A received text is an object")
    return Handed(
        notify_id=_string(sent, "id", 64), number=_string(sent, "source_number", 40),
        words=text.showable(_string(sent, "message", 20_000)).strip()[:LONGEST_TEXT],
        received_at=_instant(sent, "date_received"),
    )  # fmt: skip


def _string(sent: dict[str, Any], key: str, longest: int) -> str:
    value = sent.get(key)
    if not isinstance(value, str) or len(value) > longest or (not value.strip() and key != "message"):
        raise TextUnreadable(f"“{key}” must be text of at most {longest} characters")
    if key != "message" and text.cannot_be_kept(value, lines=False):
        raise TextUnreadable(f"“{key}” has a character in it that cannot be kept")
    return value


def _instant(sent: dict[str, Any], key: str) -> datetime:
    try:
        found = datetime.fromisoformat(_string(sent, key, 40))
        return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise TextUnreadable(f"“{key}” must be a date and time like 2026-10-07T16:00:00.000000Z") from error
