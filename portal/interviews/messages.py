"""Letters about interviews. None says anything that somebody else at home should not read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from portal import clock
from portal.accounts.models import User
from portal.documents.calendar_entries import Event, Party, for_letter, published, uid
from portal.interviews.models import Interview, Setting
from portal.messages.documents import post_room
from portal.messages.rules import Letter
from portal.volunteers.messages import signed_by, where_path
from portal.volunteers.models import Volunteer


def choose_a_time(volunteer: Volunteer, token: str) -> Letter:
    """Let them choose when to talk with us, by their own link."""
    questions = volunteer.scheme.settings.interview_questions
    return _letter("choose_a_time", volunteer, path=talk_path(token), questions=questions, where=where_path(volunteer))


def interview_planned(interview: Interview, token: str) -> Letter:
    """Invite somebody to talk with us: when, how, where, what we will ask, and an entry for their calendar."""
    return _to_applicant(
        "interview_planned", interview, token, questions=_questions(interview), where=where_path(interview.volunteer)
    )


def interview_changed(interview: Interview, token: str) -> Letter:
    """It is at another time, or elsewhere: the same entry of their calendar moves."""
    return _to_applicant("interview_changed", interview, token)


def interview_cancelled(interview: Interview, token: str, *, because: str = "") -> Letter:
    """It will not take place then, and why; their calendar forgets it, and the link offers other times."""
    return _to_applicant("interview_cancelled", interview, token, because=because)


def interview_missed(interview: Interview, token: str) -> Letter:
    """They did not come: nobody is cross, and there is another time."""
    return _to_applicant("interview_missed", interview, token)


def interview_not_needed(interview: Interview) -> Letter:
    """It will not take place, and they go on all the same, under another record: nothing to choose, nothing to do."""
    day, time = _day(interview.planned_at), _time(interview.planned_at)
    letter = _letter("interview_not_needed", interview.volunteer, day=day, time=time)
    return replace(letter, calendar=off_the_calendar(interview))


def interview_reminder(interview: Interview, token: str) -> Letter:
    """The day before: when, how and where."""
    return replace(_to_applicant("interview_reminder", interview, token), calendar="")


def for_interviewers(interview: Interview, what: str, *, also: tuple[User, ...] = ()) -> Iterator[Letter]:
    """Tell who holds it that it is "planned", "changed", "cancelled" or "asked": by the reference, never by the name.

    `also` are those who held it until now: it leaves their calendar.
    """
    named = [each for each in (interview.interviewer, interview.second) if each is not None]
    for user in named:
        yield _to_staff(interview, user, what, is_cancelled=interview.cancelled_at is not None)
    for user in also:
        if user not in named:
            yield _to_staff(interview, user, "somebody_else", is_cancelled=True)


def talk_path(token: str) -> str:
    """Where an applicant's link leads."""
    return f"/talk/{token}"


def event(interview: Interview) -> Event:
    """The talk in the applicant's calendar: it says no more than with whom."""
    is_video = interview.setting is Setting.VIDEO
    return Event(
        uid=uid("interview", interview.id, public_url=post_room.public_url), sequence=interview.sequence,
        starts_at=interview.planned_at, ends_at=interview.planned_at + timedelta(minutes=interview.minutes),
        title=f"Talk with {signed_by(interview.volunteer)}",
        where={Setting.IN_PERSON: interview.place, Setting.PHONE: "By phone", Setting.VIDEO: "Online"}[
            interview.setting
        ],
        url=interview.place if is_video and interview.place.startswith("https://") else "",
        is_cancelled=interview.cancelled_at is not None, changed_at=clock.now(),
    )  # fmt: skip


def off_the_calendar(interview: Interview) -> str:
    """What takes a talk out of the applicant's calendar when they leave, with the letter that says so."""
    gone = replace(event(interview), sequence=interview.sequence + 1, is_cancelled=True)
    return published([gone], organiser=Party.read(post_room.mail_from), at=clock.now())


def _to_applicant(template: str, interview: Interview, token: str, **facts: Any) -> Letter:
    volunteer = interview.volunteer
    letter = _letter(
        template, volunteer, day=_day(interview.planned_at), time=_time(interview.planned_at),
        minutes=interview.minutes, setting=interview.setting.value, place=interview.place,
        interviewer=interview.interviewer.name, path=talk_path(token), **facts,
    )  # fmt: skip
    return replace(letter, calendar=_calendar(event(interview), Party(volunteer.email, volunteer.preferred_name)))


def _to_staff(interview: Interview, user: User, what: str, *, is_cancelled: bool) -> Letter:
    reference = interview.volunteer.reference
    entry = replace(event(interview), title=f"Interview {reference}", is_cancelled=is_cancelled)
    if what == "somebody_else":
        entry = replace(entry, sequence=interview.sequence + 1)
    because = interview.cancelled_because or interview.change_wish
    return Letter(
        template="interview_for_interviewer", to_address=user.email, to_name=user.name,
        facts={
            "what": what, "reference": reference, "day": _day(interview.planned_at),
            "time": _time(interview.planned_at), "minutes": interview.minutes,
            "setting": interview.setting.words.lower(), "place": interview.place, "because": because,
            "path": f"/interviews/mine/{interview.id}",
        },
        scheme_id=interview.volunteer.scheme_id, calendar=_calendar(entry, Party(user.email, user.name)),
    )  # fmt: skip


def _calendar(entry: Event, attendee: Party) -> str:
    organiser = Party.read(post_room.mail_from)
    return for_letter([entry], organiser=organiser, attendee=attendee, at=clock.now()) if attendee.address else ""


def _questions(interview: Interview) -> tuple[str, ...]:
    return interview.volunteer.scheme.settings.interview_questions


def _letter(template: str, volunteer: Volunteer, **facts: Any) -> Letter:
    scheme = volunteer.scheme
    return Letter(
        template=template,
        to_address=volunteer.email,
        to_volunteer=True,
        to_name=volunteer.preferred_name,
        facts={"signed_by": signed_by(volunteer), "phone": scheme.phone, **facts},
        scheme_id=volunteer.scheme_id,
        volunteer_id=volunteer.id,
    )


def _day(instant: datetime) -> str:
    day = clock.in_london(instant)
    return f"{day:%A} {day.day} {day:%B %Y}"


def _time(instant: datetime) -> str:
    time = clock.in_london(instant)
    return f"{time.hour % 12 or 12}:{time.minute:02}{'am' if time.hour < 12 else 'pm'}"
