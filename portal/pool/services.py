"""Approving somebody to active duty; a break, coming back, leaving."""

from __future__ import annotations

from portal import clock
from portal.accounts.models import User
from portal.database import session
from portal.messages.services import queue
from portal.pool import messages, queries
from portal.pool.models import Approval
from portal.pool.rules import frozen, leaving_in_words, reasons_not_to_approve, reasons_not_to_leave, standing
from portal.refusals import Refused
from portal.volunteers.journey import Move
from portal.volunteers.models import Volunteer
from portal.volunteers.rules import MoveRefused


def approve(volunteer: Volunteer, *, because: str, conditions: str, by: User) -> Approval:
    """Let somebody start as a mentor: the gates are read again now, and kept frozen with the decision.

    Raises `MoveRefused` naming every gate that is not met and who holds it, having written nothing.
    """
    _refuse_from_elsewhere(volunteer, Move.APPROVE)
    settings = volunteer.scheme.settings
    gates = queries.readiness([volunteer], by)[volunteer.id]
    reasons = reasons_not_to_approve(
        gates, required=settings.gates_to_approve, because=because, approver_id=by.id, own_id=volunteer.user_id,
        assessor_ids=queries.assessors_of(volunteer), four_eyes=settings.four_eyes,
    )  # fmt: skip
    if reasons:
        raise MoveRefused(*reasons)
    at = clock.now()
    volunteer.make(Move.APPROVE, by=by, at=at, because=because)
    approval = Approval(
        volunteer=volunteer, approved_at=at, approved_by=by, because=because, conditions=conditions.strip(),
        gates=frozen(gates, settings.gates_to_approve),
    )  # fmt: skip
    session.add(approval)
    session.flush()
    queue(messages.approved(volunteer, has_conditions=bool(approval.conditions)))
    return approval


def rest(volunteer: Volunteer, *, because: str, by: User) -> None:
    """They take a break. The reason is for the record; the letter does not repeat it."""
    _refuse_without(because, "Say why they take a break")
    volunteer.make(Move.REST, by=by, because=because)
    session.flush()
    queue(messages.rested(volunteer))


def welcome_back(volunteer: Volunteer, *, because: str, by: User) -> None:
    """They come back from a break. Every gate must still be met: a DBS check may have run out meanwhile."""
    _refuse_from_elsewhere(volunteer, Move.RETURN)
    _refuse_without(because, "Say what you agreed about coming back")
    if by.id == volunteer.user_id:
        raise MoveRefused("Nobody welcomes themselves back (Another approver)")
    gates = queries.readiness([volunteer], by)[volunteer.id]
    if reasons := standing(gates, volunteer.scheme.settings.gates_to_approve).reasons:
        raise MoveRefused(*reasons)
    volunteer.make(Move.RETURN, by=by, because=because)
    session.flush()
    queue(messages.welcomed_back(volunteer))


def leave(
    volunteer: Volunteer, *, because: str, by: User, referral_considered: bool = True, referral_because: str
) -> None:
    """They leave the scheme. Every leaving says whether a referral to the DBS was thought of, and why or why not."""
    Refused.unless_empty(reasons_not_to_leave(because=because, referral_because=referral_because))
    words = leaving_in_words(because, referral_considered=referral_considered, referral_because=referral_because)
    volunteer.make(Move.LEAVE, by=by, because=words)
    session.flush()
    queue(messages.left(volunteer))


def _refuse_from_elsewhere(volunteer: Volunteer, move: Move) -> None:
    """Say first that the journey has no such move: the gates of somebody who has left do not matter."""
    if not move.leaves(volunteer.stage):
        raise MoveRefused(f"You cannot {move.step.verb} a volunteer who is {volunteer.stage.words.to_staff}")


def _refuse_without(because: str, words: str) -> None:
    if not because.strip():
        raise Refused(words)
