"""Asking practitioners, taking what they say, and asking again on the day they named."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import select

from portal import clock
from portal.applications.models import Application
from portal.applications.services import when_submitted
from portal.audit import services as audit
from portal.audit.rules import WORKER, Actor
from portal.database import session
from portal.locks.services import once
from portal.messages.models import Message
from portal.messages.services import queue
from portal.outbox.services import when_bounced
from portal.recommendations import messages
from portal.recommendations.models import Recommendation, RecommendationState
from portal.recommendations.queries import STOPPED, WAITING, hashed, to_ask_again, token_of, unanswered
from portal.recommendations.rules import (
    CHASED_AFTER,
    LINK_DAYS,
    TOLD_AFTER,
    Answer,
    Answers,
    reasons_incomplete,
    reasons_not_a_practitioner,
)
from portal.refusals import Refused
from portal.schemes.rules import Asks
from portal.volunteers.models import Volunteer

LINK_CLOSED = "This link no longer works: it has been used, or it is too old"
STATE_OF = {
    Answer.RECOMMEND: RecommendationState.RECOMMENDED, Answer.NOT_YET: RecommendationState.NOT_YET,
    Answer.CANNOT: RecommendationState.CANNOT,
}  # fmt: skip


@when_submitted
def ask_named(application: Application) -> None:
    """An application was sent: ask the practitioner named in it, where their way in asks for one."""
    volunteer, told = application.volunteer, application.prompted or {}
    said = {key: told.get(f"practitioner_{key}", "") for key in ("name", "job", "organisation", "email", "phone")}
    if not said["name"] or not (said["email"] or said["phone"]):
        return
    if volunteer.scheme.settings.asks_recommendation(volunteer.route) is Asks.NO:
        return
    known = session.scalars(select(Recommendation).where(Recommendation.volunteer_id == volunteer.id)).all()
    if any((each.email, each.phone) == (said["email"].lower(), said["phone"]) for each in known):
        return  # they applied again, and this practitioner was asked then: what was said stands
    made = Recommendation(volunteer=volunteer, **(said | {"email": said["email"].lower()}))
    _begin(made)
    _ask(made)


def name_practitioner(
    volunteer: Volunteer, *, name: str, job: str, organisation: str, email: str, phone: str, by: Actor
) -> Recommendation:
    """Somebody of the scheme names whom to ask, and asks them at once. Raises `Refused` for whom nobody may ask."""
    _refuse_if_stopped(volunteer)
    Refused.unless_empty(
        reasons_not_a_practitioner(
            name=name, email=email, phone=phone, own_name=volunteer.name, own_email=volunteer.email,
            own_phone=volunteer.phone,
        )
    )  # fmt: skip
    same = select(Recommendation.id).where(
        Recommendation.volunteer_id == volunteer.id, Recommendation.email == email.lower(),
        Recommendation.phone == phone,
    )  # fmt: skip
    if session.scalar(same.limit(1)) is not None:
        raise Refused("This practitioner has been named already")
    made = Recommendation(
        volunteer=volunteer, name=name, job=job, organisation=organisation, email=email.lower(), phone=phone
    )
    _begin(made)
    _ask(made)
    return made


def send_again(recommendation: Recommendation, *, email: str, phone: str, by: Actor) -> None:
    """A new link, perhaps to another address; the old one is dead at once. Not once they have answered."""
    _refuse_if_stopped(recommendation.volunteer)
    if recommendation.is_answered and recommendation.state is not RecommendationState.CANNOT:
        raise Refused("They have answered already")
    if not email and not phone:
        raise Refused("Enter an email address or a phone number")
    recommendation.email, recommendation.phone = email.lower(), phone
    _keep_what_was_said(recommendation)
    recommendation.link_number += 1
    _ask(recommendation)


def open_link(recommendation: Recommendation, *, by: Actor) -> None:
    """They have begun."""
    _refuse_if_closed(recommendation)
    if recommendation.state is RecommendationState.REQUESTED:
        recommendation.state, recommendation.opened_at = RecommendationState.OPENED, clock.now()


def answer(recommendation: Recommendation, answers: Answers, *, by: Actor) -> None:
    """Take what the practitioner said, by link or on the phone. From now on their link is dead.

    The applicant hears of "not yet" and "cannot", never why. Raises `Refused` when it is not whole or too late.
    """
    volunteer = recommendation.volunteer
    if answers.by_phone_to:
        if recommendation.is_answered:
            raise Refused("They have answered already")
        if by.id is None or by.id == volunteer.user_id:
            raise Refused("Nobody writes down a recommendation of themselves: another worker must ring")
        _refuse_if_stopped(volunteer)
    else:
        _refuse_if_closed(recommendation)
    Refused.unless_empty(reasons_incomplete(answers, today=clock.today()))
    recommendation.answers, recommendation.answered_at = answers.to_json(), clock.now()
    recommendation.state = STATE_OF[answers.answer]
    recommendation.look_again_on = answers.look_again_on if answers.answer is Answer.NOT_YET else None
    recommendation.recorded_by_id = by.id if answers.by_phone_to else None
    session.flush()
    if not answers.by_phone_to:
        queue(messages.received(recommendation))
    if recommendation.state is RecommendationState.NOT_YET:
        queue(messages.not_yet(recommendation))
    elif recommendation.state is RecommendationState.CANNOT:
        queue(messages.cannot(recommendation))


def note_call(recommendation: Recommendation, *, words: str, goes_on: bool, by: Actor) -> None:
    """They were rung, as they asked; `goes_on` says whether what they said lets us go on."""
    if not recommendation.wants_a_call:
        raise Refused("They did not ask to be rung, or somebody has rung them already")
    if by.id is None or by.id == recommendation.volunteer.user_id:
        raise Refused("A worker of the scheme rings, never the person it is about")
    if not words.strip():
        raise Refused("Say what you agreed")
    rung = {"words": words, "goes_on": goes_on, "by": by.name, "at": clock.now().isoformat()}
    recommendation.answers = {**(recommendation.answers or {}), "rung": rung}


def chase(at: datetime) -> int:
    """Remind practitioners who have not answered, and tell their applicants, each on its days and once.

    A day that was missed while no worker ran is made up for, the latest one only. The worker calls this.
    """
    audit.acting(WORKER)
    sent = 0
    for each in unanswered(at, asked_before=at - timedelta(days=min(CHASED_AFTER))):
        days = (at - (each.asked_at or at)).days
        if each.email and _is_first(each, "practitioner", CHASED_AFTER, days):
            queue(messages.reminder(each, token_of(each)))
            sent += 1
        if each.email and _is_first(each, "applicant", TOLD_AFTER, days):
            queue(messages.still_waiting(each))
            sent += 1
    return sent


def look_again(at: datetime) -> int:
    """Ask those again who said "not yet" and named this day: a fresh link, once. The worker calls this."""
    audit.acting(WORKER)
    found = 0
    for each in to_ask_again(clock.in_london(at).date()):
        if not once(f"recommendation:{each.id}:{each.link_number}:look again"):
            continue
        _keep_what_was_said(each)
        each.link_number += 1
        _ask(each, is_again=True)
        found += 1
    return found


def expire(at: datetime) -> int:
    """Close every link whose time is over; says how many. The worker calls this; safe to call twice."""
    audit.acting(WORKER)
    late = session.scalars(
        select(Recommendation).where(
            Recommendation.state.in_((RecommendationState.REQUESTED, RecommendationState.OPENED)),
            Recommendation.expires_at <= at,
        )
    ).all()
    for each in late:
        each.state = RecommendationState.EXPIRED
    return len(late)


@when_bounced
def mind_bounce(message: Message) -> None:
    """The outbox says that nobody is at an address: was it a practitioner's, their link is dead until there is another.

    Staff are shown it: on the start page, in the list of recommendations, and with the person.
    """
    if message.template not in messages.WITH_LINK or message.volunteer_id is None:
        return
    found = session.scalars(
        select(Recommendation).where(
            Recommendation.volunteer_id == message.volunteer_id, Recommendation.state.in_(WAITING),
            Recommendation.email == message.to_address.lower(), Recommendation.asked_at <= message.queued_at,
            Recommendation.bounced_at.is_(None),
        )
    )  # fmt: skip
    for each in found:
        each.bounced_at = clock.now()


def _is_first(each: Recommendation, whom: str, after: tuple[int, ...], days: int) -> bool:
    """Whether the latest day that has come is still to be written on; the days before it are over."""
    come = [day for day in after if day <= days]
    return bool(come) and once(f"recommendation:{each.id}:{each.link_number}:{whom}:{come[-1]}")


def _begin(made: Recommendation) -> None:
    """Its row, whose number the link's secret is made of; until then a hash that no link has."""
    made.state, made.token_hash = RecommendationState.NAMED, secrets.token_hex(32)
    made.link_number, made.times_asked = 1, 0
    session.add(made)
    session.flush()


def _ask(each: Recommendation, *, is_again: bool = False) -> None:
    """Open the link, and send it; without an e-mail address they are asked by phone."""
    at, token = clock.now(), token_of(each)
    each.state, each.token_hash = RecommendationState.REQUESTED, hashed(token)
    each.asked_at, each.expires_at = at, at + timedelta(days=LINK_DAYS)
    each.opened_at = each.bounced_at = None
    each.times_asked += 1
    session.flush()
    queue(messages.asked_again(each, token) if is_again else messages.asked(each, token))


def _keep_what_was_said(each: Recommendation) -> None:
    if each.answers and each.answered_at:
        each.earlier = [*each.earlier, {**each.answers, "answered_at": each.answered_at.isoformat()}]
    each.answers = each.answered_at = each.look_again_on = each.recorded_by_id = None


def _refuse_if_stopped(volunteer: Volunteer) -> None:
    if volunteer.stage in STOPPED:
        raise Refused("Nobody is asked about somebody who has not sent their application, or has stopped")


def _refuse_if_closed(recommendation: Recommendation) -> None:
    if not recommendation.is_open(clock.now()) or recommendation.volunteer.stage in STOPPED:
        raise Refused(LINK_CLOSED)
