"""Ticking what was agreed with an offer, telling people what is met, and confirming a place once everything is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.audit import services as audit
from portal.audit.rules import WORKER, Actor
from portal.conditions import messages
from portal.conditions.gates import gates_to_train
from portal.database import session
from portal.decisions.models import Condition, Offer
from portal.decisions.queries import own_conditions
from portal.decisions.rules import CONDITIONS
from portal.locks.models import Once
from portal.locks.services import once
from portal.messages.services import queue
from portal.refusals import Refused
from portal.volunteers.journey import Move, Stage
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
    MoveRefused.unless_empty(
        [
            *reasons_not_ready(gates, volunteer.scheme.settings.to_train(volunteer.route)),
            *(f"{each.words} (The coordinator)" for each in own_conditions(volunteer) if each.met_at is None),
        ]
    )
    at = clock.now()
    volunteer.make(Move.CONFIRM, by=by, at=at)
    offer = session.scalar(select(Offer).where(Offer.volunteer_id == volunteer.id).order_by(Offer.id.desc()).limit(1))
    if offer is not None:
        offer.confirmed_at, offer.confirmed_by_id = at, by.id
    queue(messages.place_confirmed(volunteer))


def tick(conditions: Sequence[Condition], *, note: str, by: Actor) -> int:
    """One or several conditions of an offer are met; says how many were not before. A second tick changes nothing."""
    if by.id is None:
        raise Refused("This is ticked by a worker with an account")
    if not conditions:
        raise Refused("Tick what is done")
    fresh = [each for each in conditions if each.met_at is None]
    for each in fresh:
        each.met_at, each.met_by_id, each.note = clock.now(), by.id, note[:500]
    session.flush()
    return len(fresh)


def untick(condition: Condition, *, because: str, by: Actor) -> None:
    """It is not met after all, and why."""
    if not because.strip():
        raise Refused("Say why it is not met after all")
    condition.met_at, condition.met_by_id, condition.note = None, None, because[:500]
    session.flush()


def tell_what_is_met(at: datetime) -> int:
    """Tell everybody with an offer what is newly met and what is left: at most once a day. The worker calls this."""
    audit.acting(WORKER)
    people = session.scalars(
        select(Volunteer)
        .where(Volunteer.stage == Stage.OFFERED)
        .options(joinedload(Volunteer.scheme), joinedload(Volunteer.contact))
        .order_by(Volunteer.id)
    ).all()
    gates, told = gates_to_train(people), 0
    for person in people:
        told += _tell_one(person, {gate.key: gate.passes for gate in gates[person.id]}, at)
    return told


def _tell_one(person: Volunteer, passes: dict[str, bool], at: datetime) -> bool:
    required = [key for key in person.scheme.settings.to_train(person.route) if key in CONDITIONS]
    asked = {key: (CONDITIONS[key], passes.get(key, False)) for key in required}
    asked |= {f"condition-{each.id}": (each.words, each.met_at is not None) for each in own_conditions(person)}
    offer = session.scalar(select(Offer.id).where(Offer.volunteer_id == person.id).order_by(Offer.id.desc()).limit(1))
    keys = {f"offer:{offer}:met:{key}": words for key, (words, is_met) in asked.items() if is_met}
    known = set(session.scalars(select(Once.key).where(Once.key.in_(keys))))
    if not (fresh := [key for key in keys if key not in known]):
        return False
    if not once(f"offer:{offer}:told:{clock.in_london(at).date()}"):
        return False
    done = [keys[key] for key in fresh if once(key)]
    queue(messages.conditions_met(person, done=done, left=[words for words, is_met in asked.values() if not is_met]))
    return True
