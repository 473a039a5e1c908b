"""Confirming a place once everything that it hangs on is met."""

from __future__ import annotations

from sqlalchemy import select

from portal import clock
from portal.audit.rules import Actor
from portal.conditions import messages
from portal.conditions.gates import gates_to_train
from portal.database import session
from portal.decisions.models import Offer
from portal.messages.services import queue
from portal.refusals import Refused
from portal.volunteers.journey import Move
from portal.volunteers.models import Volunteer
from portal.volunteers.rules import MoveRefused, reasons_not_ready


def confirm_place(volunteer: Volunteer, *, by: Actor) -> None:
    """Make the offer firm. The gates are read again at this moment; each that is not met is named, with its holder."""
    if not Move.CONFIRM.leaves(volunteer.stage):
        raise MoveRefused(f"You cannot {Move.CONFIRM.step.verb} a volunteer who is {volunteer.stage.words.to_staff}")
    if by.id is None or by.id == volunteer.user_id:
        raise Refused("A place is confirmed by a worker of the scheme, never by oneself")
    session.flush()
    gates = gates_to_train([volunteer])[volunteer.id]
    MoveRefused.unless_empty(reasons_not_ready(gates, volunteer.scheme.settings.to_train(volunteer.route)))
    at = clock.now()
    volunteer.make(Move.CONFIRM, by=by, at=at)
    offer = session.scalar(select(Offer).where(Offer.volunteer_id == volunteer.id).order_by(Offer.id.desc()).limit(1))
    if offer is not None:
        offer.confirmed_at, offer.confirmed_by_id = at, by.id
    queue(messages.place_confirmed(volunteer))
