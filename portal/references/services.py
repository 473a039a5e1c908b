"""Asking for references, taking the answers, and checking them."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import select

from portal import clock
from portal.applications.models import Application, Referee, Relation
from portal.audit import services as audit
from portal.audit.rules import WORKER, Actor
from portal.database import session
from portal.messages.services import queue
from portal.references import messages
from portal.references.models import Reference, ReferenceState
from portal.references.queries import hashed
from portal.references.rules import (
    Answers,
    reasons_incomplete,
    reasons_not_to_doubt,
    reasons_not_to_send_again,
    reasons_not_to_verify,
)
from portal.refusals import Refused
from portal.volunteers.journey import Stage
from portal.volunteers.models import Volunteer

TOKEN_BYTES = 24  # 192 bits: nobody guesses one
LINK_CLOSED = "This link no longer works: it has been used, or it is too old"
MAY_ASK = {Stage.OFFERED, Stage.READY, Stage.TRAINING, Stage.CERTIFIED}


def request_all(volunteer: Volunteer, *, by: Actor) -> list[tuple[Reference, str]]:
    """Ask every referee who was not asked yet, or whose link grew too old. Returns each with its link's secret."""
    _refuse_unless_offered(volunteer)
    named = session.scalars(
        select(Referee).join(Application).where(Application.volunteer_id == volunteer.id).order_by(Referee.id)
    ).all()
    known = {
        reference.referee_id: reference
        for reference in session.scalars(select(Reference).where(Reference.volunteer_id == volunteer.id))
    }
    asked = []
    for referee in named:
        reference = known.get(referee.id)
        if reference is None or reference.state is ReferenceState.EXPIRED:
            asked.append(_ask(volunteer, referee, reference))
    return asked


def ask_another(
    volunteer: Volunteer, *, name: str, relation: Relation, organisation: str, email: str, phone: str,
    years_known: int, by: Actor,
) -> tuple[Reference, str]:  # fmt: skip
    """Ask somebody else, when a referee would rather not or cannot be reached. Returns the link's secret too."""
    _refuse_unless_offered(volunteer)
    application = session.scalar(select(Application).where(Application.volunteer_id == volunteer.id))
    if application is None:
        raise Refused("There is no application to add a referee to")
    if not email and not phone:
        raise Refused("Give an e-mail address or a phone number")
    if years_known < 1:
        raise Refused("A referee has known the person for a year or more")
    referee = Referee(
        application_id=application.id, name=name, relation=relation, organisation=organisation, email=email.lower(),
        phone=phone, years_known=years_known,
    )  # fmt: skip
    session.add(referee)
    session.flush()
    return _ask(volunteer, referee, None)


def send_again(reference: Reference, *, by: Actor, email: str | None = None) -> str:
    """Send a new link, perhaps to a corrected address; the old link is dead at once. Returns the new secret."""
    Refused.unless_empty(reasons_not_to_send_again(state=reference.state.value))
    _refuse_unless_offered(reference.volunteer)
    if email is not None:
        reference.referee.email = email.lower()
    _reference, token = _ask(reference.volunteer, reference.referee, reference)
    return token


def open_link(reference: Reference, *, by: Actor) -> None:
    """The referee has begun."""
    _refuse_if_closed(reference)
    if reference.state is ReferenceState.REQUESTED:
        reference.state, reference.opened_at = ReferenceState.OPENED, clock.now()


def answer(reference: Reference, answers: Answers, *, by: Actor) -> None:
    """Take what the referee said. From now on their link is dead."""
    if answers.by_phone_to:
        if reference.state.is_given:
            raise Refused("This referee has already answered")
        if by.id == reference.volunteer.user_id:
            raise Refused("Nobody writes down a reference about themselves: another worker must ring")
        _refuse_unless_offered(reference.volunteer)
    else:
        _refuse_if_closed(reference)
    Refused.unless_empty(reasons_incomplete(answers))
    reference.answers, reference.received_at = answers.to_json(), clock.now()
    doubtful = answers.needs_a_closer_look
    reference.state = ReferenceState.CONCERN if doubtful else ReferenceState.RECEIVED
    if not answers.by_phone_to:
        queue(messages.reference_received(reference))


def decline_to_give(reference: Reference, *, by: Actor) -> None:
    """The referee would rather not. Their link is dead; no reason is asked."""
    _refuse_if_closed(reference)
    reference.state = ReferenceState.DECLINED


def verify(reference: Reference, *, how: str, by: Actor) -> None:
    """Somebody made sure who gave it, or looked into a concern; `how` says what they did and found."""
    Refused.unless_empty(reasons_not_to_verify(state=reference.state.value, how=how))
    if by.id is None or by.id == reference.volunteer.user_id:
        raise Refused("A reference is checked by a worker of the scheme, never by the person it is about")
    reference.state = ReferenceState.VERIFIED
    reference.verified_at, reference.verified_by_id, reference.verified_how = clock.now(), by.id, how


def note_concern(reference: Reference, *, how: str, by: Actor) -> None:
    """Note a concern on a reference that was given: it no longer counts until somebody has looked into it."""
    Refused.unless_empty(reasons_not_to_doubt(state=reference.state.value, how=how))
    noted = {"words": how, "by": by.name, "at": clock.now().isoformat()}
    before = reference.answers or {}
    reference.answers = {**before, "noted": [*before.get("noted", []), noted]}
    reference.state = ReferenceState.CONCERN
    reference.verified_at = reference.verified_by_id = None


def expire(at: datetime) -> int:
    """Close every link whose time is over; says how many. The worker calls this; safe to call twice."""
    audit.acting(WORKER)
    late = session.scalars(
        select(Reference).where(
            Reference.state.in_((ReferenceState.REQUESTED, ReferenceState.OPENED)), Reference.expires_at <= at
        )
    ).all()
    for reference in late:
        reference.state = ReferenceState.EXPIRED
    return len(late)


def _ask(volunteer: Volunteer, referee: Referee, reference: Reference | None) -> tuple[Reference, str]:
    token, at = secrets.token_urlsafe(TOKEN_BYTES), clock.now()
    if reference is None:
        reference = Reference(volunteer=volunteer, referee=referee)
        session.add(reference)
    reference.state, reference.token_hash, reference.opened_at = ReferenceState.REQUESTED, hashed(token), None
    reference.requested_at = at
    reference.expires_at = at + timedelta(days=volunteer.scheme.settings.reference_link_days)
    session.flush()
    queue(messages.reference_requested(reference, token))
    return reference, token


def _refuse_unless_offered(volunteer: Volunteer) -> None:
    if volunteer.stage not in MAY_ASK:
        raise Refused("References are asked for once a place has been offered")


def _refuse_if_closed(reference: Reference) -> None:
    if not reference.is_open(clock.now()):
        raise Refused(LINK_CLOSED)
