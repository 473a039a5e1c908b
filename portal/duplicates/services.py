"""Putting two records of one person together, parting them again, and remembering that two are two people."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import or_, select

from portal import clock
from portal.accounts.models import User
from portal.applications.models import Application, Referee
from portal.database import session
from portal.duplicates.models import Pair, Verdict
from portal.duplicates.rules import CARRIED, reasons_not_to_join
from portal.interviews.messages import interview_not_needed
from portal.interviews.queries import open_interview
from portal.messages.services import queue
from portal.outbox import services as outbox
from portal.references.models import Reference
from portal.refusals import Refused
from portal.volunteers.journey import Move, Stage
from portal.volunteers.models import Volunteer
from portal.volunteers.rules import sort_name

MEANWHILE = "Somebody else has decided about these two meanwhile. Look at the list again"


def say_different(one: Volunteer, other: Volunteer, *, because: str, by: User) -> Pair:
    """They are two people: remembered, and never asked again. Raises `Refused` when somebody was quicker."""
    _lock(one, other)
    _refuse_if_judged(one, other)
    return _keep(one, other, Verdict.DIFFERENT, because=because, carried={}, by=by)


def join(
    kept: Volunteer, other: Volunteer, *, carry: Collection[str] = (), referees: Collection[int] = (), because: str,
    by: User,
) -> Pair:  # fmt: skip
    """They are one person: `kept` goes on, with what is carried over; `other` ends here, its history kept.

    `carry` names fields of `CARRIED`; `referees` are people of the other application who have not been asked yet.
    Raises `Refused` when they may not be joined, or when somebody was quicker.
    """
    _lock(kept, other)
    _refuse_if_judged(kept, other)
    if kept.scheme_id != other.scheme_id:
        raise Refused("They are in two schemes, so they cannot be put together")
    Refused.unless_empty(reasons_not_to_join(kept.stage, other.stage))
    if not because:
        raise Refused("Say how you know that they are one person")
    before: dict[str, Any] = {"fields": {}, "referees": _carry_referees(kept, other, referees)}
    for name in CARRIED:
        if name in carry and getattr(other, name):
            before["fields"][name] = getattr(kept, name)
            setattr(kept, name, getattr(other, name))
    kept.sort_name = sort_name(kept.name, kept.known_as, kept.romanised)
    talk = open_interview(other)
    if talk is not None:  # the move calls it off; they are told here, and not that they stood on a list twice
        queue(interview_not_needed(talk))
    # Links of referees and of the applicant rest by the stage alone: parted again, they work as before.
    other.make(Move.JOIN, by=by, because=f"The same person as {kept.reference}")
    other.same_as_id = kept.id
    session.flush()
    before["handed"], before["held"] = outbox.hand_over(other.id, kept.id)
    return _keep(kept, other, Verdict.SAME, because=because, carried=before, by=by)


def part(pair: Pair, *, by: User) -> None:
    """They are two people after all: the other goes back to where it was, and what was carried is put back.

    What was changed on the kept record since stays as it is. Raises `Refused` when it was undone already.
    """
    kept, other = pair.kept, pair.other
    _lock(kept, other)
    session.refresh(pair)
    if pair.undone_at is not None:
        raise Refused("This has been undone already")
    if pair.verdict is Verdict.SAME:
        if other.stage is not Stage.JOINED or other.same_as_id != kept.id:
            raise Refused("The two are not together any more")
        for name, value in pair.carried.get("fields", {}).items():
            if name in CARRIED and getattr(kept, name) == getattr(other, name):
                setattr(kept, name, value)
        kept.sort_name = sort_name(kept.name, kept.known_as, kept.romanised)
        _give_back_referees(other, pair.carried.get("referees", []))
        other.make(Move.PART, by=by, because=f"Not the same person as {kept.reference}")
        other.same_as_id = None
        session.flush()
        outbox.hand_back(pair.carried.get("handed", []), pair.carried.get("held", []), from_id=kept.id, to_id=other.id)
    pair.undone_at, pair.undone_by_id = clock.now(), by.id
    session.flush()


def _lock(one: Volunteer, other: Volunteer) -> None:
    """Two people who decide at the same moment come one after the other, and the second sees what the first did."""
    if one.id == other.id:
        raise Refused("This is one and the same record")
    ids = sorted((one.id, other.id))
    session.execute(select(Volunteer.id).where(Volunteer.id.in_(ids)).order_by(Volunteer.id).with_for_update())
    for person in (one, other):
        session.refresh(person, ["stage", "same_as_id", "version"])


def _between(one: Volunteer, other: Volunteer) -> list[Pair]:
    either = or_(
        (Pair.kept_id == one.id) & (Pair.other_id == other.id), (Pair.kept_id == other.id) & (Pair.other_id == one.id)
    )
    return list(session.scalars(select(Pair).where(either)))


def _refuse_if_judged(one: Volunteer, other: Volunteer) -> None:
    if any(pair.undone_at is None for pair in _between(one, other)):
        raise Refused(MEANWHILE)


def _keep(
    kept: Volunteer, other: Volunteer, verdict: Verdict, *, because: str, carried: dict[str, Any], by: User
) -> Pair:
    """The decision; one that was undone is taken up again, so that two people never have two rows one way round."""
    pair = next((each for each in _between(kept, other) if each.kept_id == kept.id), None)
    if pair is None:
        pair = Pair(scheme_id=kept.scheme_id, kept=kept, other=other)
        session.add(pair)
    pair.verdict, pair.because, pair.carried = verdict, because, carried
    pair.decided_at, pair.decided_by_id, pair.undone_at, pair.undone_by_id = clock.now(), by.id, None, None
    session.flush()
    return pair


def _application(volunteer: Volunteer) -> Application | None:
    return session.scalar(select(Application).where(Application.volunteer_id == volunteer.id))


def _carry_referees(kept: Volunteer, other: Volunteer, ids: Collection[int]) -> list[int]:
    ours, theirs = _application(kept), _application(other)
    if not ids or ours is None or theirs is None:
        return []
    asked = select(Reference.referee_id)
    moved = list(
        session.scalars(
            select(Referee).where(
                Referee.id.in_(ids), Referee.application_id == theirs.id, Referee.id.not_in(asked)
            )
        )
    )  # fmt: skip
    for referee in moved:
        referee.application = ours
    return [referee.id for referee in moved]


def _give_back_referees(other: Volunteer, ids: Collection[int]) -> None:
    theirs = _application(other)
    asked = select(Reference.referee_id)
    if theirs is not None and ids:
        for referee in session.scalars(select(Referee).where(Referee.id.in_(ids), Referee.id.not_in(asked))):
            referee.application = theirs
