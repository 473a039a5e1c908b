"""The verbs of times for talks: offer and withdraw them, let somebody choose; choose, come, ask for another."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from portal import clock
from portal.accounts.models import User
from portal.appointments import queries
from portal.appointments.rules import GONE, clashes, reasons_not_to_publish
from portal.audit.rules import Actor
from portal.database import session
from portal.interviews import messages
from portal.interviews import services as interviews
from portal.interviews.models import Interview, Setting, Slot
from portal.interviews.queries import open_interview
from portal.interviews.rules import Span
from portal.messages.services import queue
from portal.refusals import Refused
from portal.schemes.models import Area
from portal.volunteers.journey import Move, Stage
from portal.volunteers.models import Volunteer

LONGEST_WISH, LONGEST_SUPPORTER = 500, 200
WISH = "Say which time would suit you better"


def publish(
    area: Area, *, starts: list[datetime], minutes: int, every: int, setting: Setting, place: str, interviewer: User,
    second: User | None, by: User,
) -> list[Slot]:  # fmt: skip
    """Offer times for talks in an area. Raises `Refused` when one of both is busy at any of them: then none is made."""
    people = [each for each in (interviewer, second) if each is not None]
    ids = sorted(each.id for each in people)
    session.execute(select(User.id).where(User.id.in_(ids)).order_by(User.id).with_for_update(key_share=True))
    is_same = second is not None and second.id == interviewer.id
    Refused.unless_empty(
        reasons_not_to_publish(starts, minutes=minutes, every=every, now=clock.now(), is_same_person=is_same)
    )
    wanted = [Span(each, minutes) for each in starts]
    met = clashes(wanted, queries.busy(ids, wanted[0].starts_at, wanted[-1].ends_at))
    if met:
        times = ", ".join(f"{clock.in_london(each.starts_at):%H:%M}" for each in met)
        Refused.unless_empty_by_field(
            {"begins": f"{' or '.join(each.name for each in people)} is busy at {times} already"}
        )
    made = []
    for at in starts:
        slot = queries.slot_at(interviewer, at) or Slot(interviewer=interviewer, starts_at=at)
        slot.scheme_id, slot.area, slot.minutes = area.scheme_id, area, minutes
        slot.setting, slot.place = setting, place
        slot.second, slot.made_at, slot.made_by_id, slot.withdrawn_at = second, clock.now(), by.id, None
        session.add(slot)
        made.append(slot)
    session.flush()
    return made


def withdraw(slot: Slot, *, by: Actor) -> None:
    """Offer this time no more. One that somebody has taken is cancelled or changed with them instead."""
    _hold(slot)
    if session.scalar(select(Interview.id).where(Interview.slot_id == slot.id)) is not None:
        raise Refused("Somebody has taken this time: cancel or change the interview with them")
    slot.withdrawn_at = slot.withdrawn_at or clock.now()
    session.flush()


def let_them_choose(volunteer: Volunteer, *, by: Actor) -> None:
    """Write to them with a link to choose a time. The first invitation moves them on."""
    interviews.hold(volunteer)
    if open_interview(volunteer) is not None:
        raise Refused("There is an interview planned already: change or cancel it first")
    if volunteer.stage is not Stage.INTERVIEWING:
        volunteer.make(Move.INVITE, by=by)
    queue(messages.choose_a_time(volunteer, interviews.link_for(volunteer)))
    session.flush()


def take_for(volunteer: Volunteer, slot_id: int | None, *, by: Actor) -> Interview:
    """Somebody of the scheme takes a time for them, on the phone: whoever only applied is invited with it."""
    if volunteer.stage is Stage.APPLIED:
        volunteer.make(Move.INVITE, by=by)
    return _take(volunteer, slot_id, by=by)


def take(volunteer: Volunteer, slot_id: int | None, *, by: Actor) -> Interview:
    """Take a time: theirs is planned, or moves to it. Two who tap at once: the second is told, and keeps choosing."""
    if not queries.may_choose(volunteer):
        raise Refused("There is no talk to choose a time for just now")
    return _take(volunteer, slot_id, by=by)


def _take(volunteer: Volunteer, slot_id: int | None, *, by: Actor) -> Interview:
    interviews.hold(volunteer)
    slot = session.get(Slot, slot_id) if slot_id is not None else None
    if slot is None or slot.area_id != volunteer.area_id:
        raise Refused("Choose one of the times on the list")
    interview = open_interview(volunteer)
    if interview is not None and interview.slot_id == slot.id:
        return interview  # a second tap changes nothing
    _hold(slot)
    interviews.hold(volunteer, *[each for each in (slot.interviewer, slot.second) if each is not None])
    if not queries.is_free(slot) or slot.starts_at <= clock.now():
        raise Refused(GONE)
    if interview is None:
        interview = interviews.invite(
            volunteer, planned_at=slot.starts_at, setting=slot.setting, place=slot.place,
            interviewer=slot.interviewer, second=slot.second, minutes=slot.minutes, slot=slot, by=by,
        )  # fmt: skip
    else:
        interviews.change(
            interview, planned_at=slot.starts_at, setting=slot.setting, place=slot.place,
            interviewer=slot.interviewer, second=slot.second, minutes=slot.minutes, slot=slot, by=by,
        )  # fmt: skip
    interview.accepted_at = clock.now()  # whoever chose it comes
    session.flush()
    return interview


def _hold(slot: Slot) -> None:
    """Hold this time until the end: of two who want it, one waits, and then reads that it is gone."""
    session.refresh(slot, with_for_update=True)


def accept(interview: Interview, *, supporter: str, by: Actor) -> None:
    """They come; perhaps somebody comes with them, by name or just "somebody"."""
    interviews.hold(interview.volunteer)
    _still_open(interview)
    supporter = " ".join(supporter.split())
    if len(supporter) > LONGEST_SUPPORTER:
        raise Refused(f"The name must be {LONGEST_SUPPORTER} characters or fewer")
    interview.accepted_at, interview.supporter = interview.accepted_at or clock.now(), supporter
    interview.change_asked_at, interview.change_wish = None, ""
    session.flush()


def ask_for_another_time(interview: Interview, *, wish: str, by: Actor) -> None:
    """They would rather talk at another time: it stays planned, and the interviewers and the coordinator read it."""
    interviews.hold(interview.volunteer)
    _still_open(interview)
    wish = wish.strip()
    if not wish:
        raise Refused(WISH)
    if len(wish) > LONGEST_WISH:
        raise Refused(f"What you write must be {LONGEST_WISH} characters or fewer")
    interview.change_asked_at, interview.change_wish, interview.accepted_at = clock.now(), wish, None
    session.flush()
    for letter in messages.for_interviewers(interview, "asked"):
        queue(letter)


def _still_open(interview: Interview) -> None:
    session.refresh(interview)
    if not interview.is_open:
        raise Refused("This talk is not planned any more")
    if interview.planned_at <= clock.now():
        raise Refused("This talk has begun. Please ring us")
