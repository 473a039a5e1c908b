"""What people are told when dates or places change: everything of one change in one letter, with their calendar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from portal import clock
from portal.accounts.models import User
from portal.cohorts.models import Cohort, CohortSession, Enrolment
from portal.messages.rules import Letter
from portal.volunteers.messages import signed_by


class What(Enum):
    """What happened to a session."""

    MOVED = "moved"
    ELSEWHERE = "elsewhere"
    CANCELLED = "cancelled"
    RESTORED = "restored"
    ADDED = "added"
    NEW = "new"
    LONGER = "longer"
    SHORTER = "shorter"


@dataclass(frozen=True)
class Change:
    """A session as it now is, what happened to it, and when it was before."""

    session: CohortSession
    what: What
    was_at: datetime | None = None

    @property
    def matters(self) -> bool:
        """Whether anybody can still go by it: putting the past right is no news."""
        now = clock.now()
        return self.session.ends_at > now or (self.was_at is not None and self.was_at > now)


def for_learner(enrolment: Enrolment, changes: Sequence[Change], *, calendar: str) -> Letter:
    """To somebody on the course."""
    volunteer, scheme = enrolment.volunteer, enrolment.volunteer.scheme
    return Letter(
        template="dates_changed", to_address=volunteer.email, to_volunteer=True, to_name=volunteer.preferred_name,
        facts={
            "signed_by": signed_by(volunteer), "phone": scheme.phone, "changes": [_words(each) for each in changes],
            "path": "/my/course", "cohort": "",
        },
        scheme_id=scheme.id, volunteer_id=volunteer.id, calendar=calendar,
    )  # fmt: skip


def for_trainer(user: User, cohort: Cohort, changes: Sequence[Change], *, calendar: str) -> Letter:
    """To somebody who teaches the course."""
    return Letter(
        template="dates_changed", to_address=user.email, to_name=user.name,
        facts={
            "signed_by": "Alongside", "phone": "", "changes": [_words(each) for each in changes],
            "path": f"/cohorts/{cohort.id}", "cohort": cohort.name,
        },
        scheme_id=cohort.scheme_id, calendar=calendar,
    )  # fmt: skip


def _words(change: Change) -> str:
    sitting = change.session
    session, when = f"Session {sitting.number}", _when(sitting.starts_at, sitting.ends_at)
    if change.what is What.CANCELLED:
        return f"{session} on {when} does not take place"
    if change.what is What.ELSEWHERE:
        return f"{session} on {when} is now {_where(sitting)}"
    if change.what is What.RESTORED:
        return f"{session} takes place after all: {when}, {_where(sitting)}"
    if change.what is What.ADDED:
        return f"{session}, which was called off, is now on {when}, {_where(sitting)}"
    if change.what is What.NEW:
        return f"{session} is new: {when}, {_where(sitting)}"
    if change.what in (What.LONGER, What.SHORTER):
        return f"{session} is now {change.what.value}: {when}"
    was = f". It was on {_when(change.was_at)}" if change.was_at else ""
    return f"{session} is now on {when}, {_where(sitting)}{was}"


def _where(sitting: CohortSession) -> str:
    room = f"at {sitting.held_in}" if sitting.held_in else ""
    return " and ".join(part for part in (room, "online" if sitting.held_online_at else "") if part)


def _when(starts_at: datetime, ends_at: datetime | None = None) -> str:
    starts = clock.in_london(starts_at)
    until = f" to {clock.in_london(ends_at):%H:%M}" if ends_at else ""
    return f"{starts:%A} {starts.day} {starts:%B %Y}, {starts:%H:%M}{until}"
