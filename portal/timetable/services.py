"""The verbs of the timetable: move sessions, hold them elsewhere, call one off, and hold it later after all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Protocol

from sqlalchemy import select

from portal import clock
from portal.accounts.models import User
from portal.cohorts.models import Cohort, CohortSession, called_off
from portal.cohorts.rules import is_meeting_link
from portal.cohorts.services import OPEN
from portal.database import session
from portal.documents.calendar_entries import Party, for_letter
from portal.messages.documents import post_room
from portal.messages.services import queue
from portal.refusals import Refused
from portal.timetable import messages, queries
from portal.timetable.documents import session_event
from portal.timetable.messages import Change, What


class Identified(Protocol):
    """A session by its number: the row itself, or what a page knows of it."""

    @property
    def id(self) -> int:
        """The number of the session."""


class Overtaken(Refused):
    """Somebody else changed the timetable after the page was drawn; nothing was written."""


def move_session(
    sitting: Identified, *, on: date, at: time, venue: str, meeting_link: str, seen: str, with_later: bool,
    even_if_held: bool = False, by: User,
) -> list[Change]:  # fmt: skip
    """Hold a session on another day, at another time or place, and perhaps shift all later ones along the slots.

    `seen` is the fingerprint of the timetable that the person decided on: `Overtaken` when it is another by now.
    A session that was held or marked is moved only with `even_if_held`. Everybody concerned is told, once.
    """
    moved, cohort = _held(sitting)
    sittings = queries.timetable_of(cohort.id)
    if seen != queries.fingerprint(cohort, sittings):
        raise Overtaken("Somebody else has changed these dates while you had the page open")
    _refuse_unless_open(moved, cohort)
    _refuse_without_a_place(venue, meeting_link)
    plan = queries.proposal(moved, sittings, on=on, at=at)
    if plan.is_held and not even_if_held:
        raise Refused(f"Session {moved.number} has been held or marked already: say that you mean to move it")
    if with_later and plan.why_not_later:
        raise Refused(plan.why_not_later)
    changes = []
    for step in (plan.step, *(plan.later if with_later else ())):
        was_at = step.session.starts_at
        is_moved = (step.new.starts_at, step.new.ends_at) != (was_at, step.session.ends_at)
        is_elsewhere = step.session is moved and _hold_in(moved, venue, meeting_link)
        if is_moved or is_elsewhere:
            step.session.starts_at, step.session.ends_at = step.new.starts_at, step.new.ends_at
            changes.append(Change(step.session, What.MOVED if is_moved else What.ELSEWHERE, was_at))
    if not changes:
        raise Refused("Nothing is changed: this is when and where the session is")
    first = min(each.starts_at for each in sittings)
    cohort.starts_on = clock.in_london(first).date()
    tell(cohort, changes)
    return changes


def hold_elsewhere(
    sitting: Identified, *, venue: str, meeting_link: str, seen: str, with_later: bool, by: User
) -> list[Change]:
    """Change the room or link of one session, or of it and every later one that is not over yet."""
    first, cohort = _held(sitting)
    sittings = queries.timetable_of(cohort.id)
    if seen != queries.fingerprint(cohort, sittings):
        raise Overtaken("Somebody else has changed these dates while you had the page open")
    _refuse_unless_open(first, cohort)
    _refuse_without_a_place(venue, meeting_link)
    wanted = [first]
    if with_later:
        now = clock.now()
        wanted += [
            each for each in sittings
            if each.starts_at > first.starts_at and each.ends_at > now and each.cancelled_at is None
        ]  # fmt: skip
    changed = [each for each in wanted if _hold_in(each, venue, meeting_link)]
    if not changed:
        raise Refused("Nothing is changed: this is where it is held")
    changes = [Change(each, What.ELSEWHERE) for each in changed]
    tell(cohort, changes)
    return changes


def cancel_session(sitting: Identified, *, because: str, by: User) -> None:
    """Say that a session does not take place: it counts for nobody. Marks already made are kept, in case it did."""
    cancelled, cohort = _held(sitting)
    if cancelled.cancelled_because is not None:
        raise Refused("This session is cancelled already")
    if not because.strip():
        raise Refused("Say why the session does not take place")
    called_off(cancelled)
    cancelled.cancelled_at, cancelled.cancelled_because = clock.now(), because.strip()
    cancelled.register_version += 1
    tell(cohort, [Change(cancelled, What.CANCELLED)])


def restore_session(sitting: Identified, *, by: User) -> None:
    """Say that a cancelled session takes place after all; its marks count again."""
    restored, cohort = _held(sitting)
    if restored.cancelled_because is None:
        raise Refused("This session is not cancelled")
    if is_replaced(restored, queries.timetable_of(cohort.id)):
        raise Refused("This session has been put on another day: cancel the extra session first")
    restored.cancelled_at = restored.cancelled_because = None
    restored.register_version += 1
    tell(cohort, [Change(restored, What.RESTORED)])


def replace_session(sitting: Identified, *, on: date, at: time, by: User) -> CohortSession:
    """Hold what a cancelled session was about on another day, as an extra session.

    The extra one takes over the number, because hours and materials go by it; the cancelled one stays as a record,
    behind all the others.
    """
    cancelled, cohort = _held(sitting)
    if cancelled.cancelled_because is None:
        raise Refused("Only a cancelled session is held again")
    if cohort.state not in OPEN:
        raise Refused(f"This course is {cohort.state.value}: nothing can be added to it")
    sittings = queries.timetable_of(cohort.id)
    if is_replaced(cancelled, sittings):
        raise Refused("This session has been put on another day already")
    new = queries.proposal(cancelled, sittings, on=on, at=at).step.new
    if new.starts_at <= clock.now():
        raise Refused("The new day must be in the future")
    number, cancelled.number = cancelled.number, max(each.number for each in sittings) + 1
    session.flush()  # two sessions of a cohort never have one number, not even for a moment
    added = CohortSession(
        cohort=cohort, number=number, week=cancelled.week, title=cancelled.title, starts_at=new.starts_at,
        ends_at=new.ends_at, minutes=cancelled.minutes, is_mandatory=cancelled.is_mandatory,
        venue=cancelled.venue, meeting_link=cancelled.meeting_link,
    )  # fmt: skip
    session.add(added)
    session.flush()
    tell(cohort, [Change(added, What.ADDED)])
    return added


def is_replaced(cancelled: CohortSession, sittings: Sequence[CohortSession]) -> bool:
    """Whether what this cancelled session was about is held by another one: that one then has its number."""
    return any(
        each.id > cancelled.id and each.number < cancelled.number and each.title == cancelled.title for each in sittings
    )


def _held(sitting: Identified) -> tuple[CohortSession, Cohort]:
    """The session and its cohort as they are now, locked: nobody marks a register or moves a date meanwhile.

    The cohort first, then all its sessions in one order: two people at two sessions never wait for each other.
    """
    fresh = {"populate_existing": True}
    of = select(CohortSession.cohort_id).where(CohortSession.id == sitting.id).scalar_subquery()
    cohort = session.scalars(
        select(Cohort).where(Cohort.id == of).with_for_update(of=Cohort).execution_options(**fresh)
    ).one()
    sittings = session.scalars(
        select(CohortSession)
        .where(CohortSession.cohort_id == cohort.id)
        .order_by(CohortSession.id)
        .with_for_update(of=CohortSession)
        .execution_options(**fresh)
    ).all()
    return next(each for each in sittings if each.id == sitting.id), cohort


def _refuse_unless_open(sitting: CohortSession, cohort: Cohort) -> None:
    reasons = []
    if cohort.state not in OPEN:
        reasons.append(f"This course is {cohort.state.value}: its dates stay as they are")
    if sitting.cancelled_at is not None:
        reasons.append("This session is cancelled: say first that it takes place after all, or put it on another day")
    Refused.unless_empty(reasons)


def _refuse_without_a_place(venue: str, meeting_link: str) -> None:
    if not venue.strip() and not meeting_link.strip():
        raise Refused("Say where it is held: a place, a link, or both")
    if meeting_link.strip() and not is_meeting_link(meeting_link.strip()):
        raise Refused("The link must be a whole web address that starts with https://")


def _hold_in(sitting: CohortSession, venue: str, meeting_link: str) -> bool:
    """Note where it is held, and say whether that is news."""
    before = (sitting.held_in, sitting.held_online_at)
    wanted = (venue.strip(), meeting_link.strip())
    if before == wanted:
        return False
    of_cohort = (sitting.cohort.venue, sitting.cohort.meeting_link)
    sitting.venue, sitting.meeting_link = ("", "") if wanted == of_cohort else wanted
    return True


def tell(cohort: Cohort, changes: Sequence[Change]) -> None:
    """Count each change in its calendar entry, and write one letter to each person whom it concerns."""
    now = clock.now()
    for each in changes:
        each.session.sequence += each.what not in (What.ADDED, What.NEW)
        each.session.changed_at = now
    session.flush()
    news = [each for each in changes if each.matters]
    if not news or cohort.state not in OPEN:
        return
    told: set[str] = set()
    for enrolment in queries.learners_to_tell(cohort):
        volunteer = enrolment.volunteer
        told.add(volunteer.email.lower())
        calendar = _calendar(
            news, name=volunteer.scheme.name, is_hidden=volunteer.contact.hide_scheme_name,
            attendee=Party(volunteer.email, volunteer.preferred_name),
        )  # fmt: skip
        queue(messages.for_learner(enrolment, news, calendar=calendar))
    for user in cohort.trainers:
        if user.active and user.email.lower() not in told:
            told.add(user.email.lower())
            calendar = _calendar(news, name=cohort.name, attendee=Party(user.email, user.name))
            queue(messages.for_trainer(user, cohort, news, calendar=calendar))


def _calendar(changes: Sequence[Change], *, name: str, attendee: Party, is_hidden: bool = False) -> str:
    url = post_room.public_url
    events = [session_event(each.session, name=name, is_hidden=is_hidden, public_url=url) for each in changes]
    return for_letter(events, organiser=Party.read(post_room.mail_from), attendee=attendee, at=clock.now())
