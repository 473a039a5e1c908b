"""Offering a place, a kind no that may need two people, stopping for now, and undoing that."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select

from portal import clock
from portal.applications.models import Application
from portal.audit import services as audit
from portal.audit.rules import WORKER, Actor
from portal.database import session
from portal.decisions import messages, queries
from portal.decisions.models import Condition, Decline, MightReturn, Offer, Signpost, WhoDecided, Withdrawal
from portal.decisions.rules import (
    NO_REASON,
    DeclineKind,
    WithdrawReason,
    below_the_mark,
    reasons_not_to_decline,
    reasons_not_to_offer,
    reasons_not_to_undo,
)
from portal.interviews.models import Interview
from portal.interviews.queries import open_interview
from portal.interviews.services import link_for
from portal.locks.services import once
from portal.messages.models import Message, MessageState
from portal.messages.services import queue
from portal.outbox.services import pass_on
from portal.references import services as references
from portal.refusals import Refused
from portal.schemes.models import Scheme
from portal.volunteers import services as volunteers
from portal.volunteers.journey import Move, Stage
from portal.volunteers.models import Volunteer, calendar_without
from portal.volunteers.rules import MoveRefused

MOST_OWN = 10


def offer(
    volunteer: Volunteer, *, interview: Interview, because: str, by: Actor, conditions: Sequence[str] = ()
) -> Offer:
    """Offer a place, on the conditions of their way in and those of this offer; ask the referees; write to them."""
    worker = _worker(by, volunteer, "A place is offered by a worker of the scheme, never by oneself")
    own = list(dict.fromkeys(words for each in conditions if (words := " ".join(each.split()))))
    _alone_with(volunteer, Move.OFFER)
    waiting, planned = queries.open_decline(volunteer), open_interview(volunteer)
    reasons = reasons_not_to_offer(
        interview.scores,
        is_cancelled=interview.cancelled_at is not None,
        is_same_person=interview.volunteer_id == volunteer.id,
        because=because,
        no_by=waiting.declined_by.name if waiting is not None else "",
        has_another_talk=planned is not None and planned.id != interview.id,
    )
    if len(own) > MOST_OWN or any(len(words) > 300 for words in own):
        reasons.append(f"At most {MOST_OWN} conditions of your own, each of 300 characters or fewer")
    mark = volunteer.scheme.settings.interview_pass_mark
    if not reasons and below_the_mark(interview.scores, mark) and len(because.strip()) < 20:
        reasons.append(f"The interview was scored below {mark}: say in a sentence why a place is offered all the same")
    Refused.unless_empty(reasons)
    at = clock.now()
    volunteer.make(Move.OFFER, by=by, at=at, because=because)
    made = Offer(volunteer=volunteer, interview=interview, because=because, offered_at=at, offered_by_id=worker)
    session.add(made)
    session.flush()
    session.add_all(Condition(offer=made, key=f"own-{n}", words=words) for n, words in enumerate(own, 1))
    _decide_application(volunteer, "offered", at=at, by=by)
    session.flush()
    queue(messages.place_offered(volunteer, own))
    references.request_all(volunteer, by=by)
    return made


def decline(
    volunteer: Volunteer, *, because: str, by: Actor, kind: DeclineKind = DeclineKind.NOT_YET, words: str = "",
    signposts: Sequence[Signpost] = (), apply_again_on: date | None = None, remind: bool = False,
    told_by: str = "letter", rests_on: Sequence[tuple[str, str]] = (),
) -> Decline:  # fmt: skip
    """Decide on a no. `because` is for the record, `words` are added to the letter, `kind` chooses its sentence.

    They are told at once, unless a second person must agree first (`kind.needs_two`) or somebody rings them first
    (`told_by` "phone"): until then they stay where they are, so that no page tells them before we do.
    """
    worker = _worker(by, volunteer, "A decision is made by a worker of the scheme, never by oneself")
    _alone_with(volunteer, Move.DECLINE)
    _refuse_unless_it_may_end(volunteer)
    if queries.open_decline(volunteer) is not None:
        raise Refused("Somebody has decided on this already: the decision waits to be agreed or told")
    Refused.unless_empty(
        reasons_not_to_decline(
            because=because, told_by=told_by, apply_again_on=apply_again_on, remind=remind, today=clock.today()
        )
    )
    made = Decline(
        volunteer=volunteer, kind=kind.value, because=because, words=words, told_by=told_by,
        signposts=[{"title": s.title, "about": s.about, "phone": s.phone, "web": s.web} for s in signposts],
        apply_again_on=apply_again_on, remind_them=remind, rests_on=[list(each) for each in rests_on],
        declined_at=clock.now(), declined_by_id=worker,
    )  # fmt: skip
    session.add(made)
    session.flush()
    if told_by == "letter" and not kind.needs_two:
        _tell(made, by=by)
    return made


def agree(made: Decline, *, by: Actor) -> None:
    """The second person agrees; they are told now, unless somebody rings them first."""
    worker = _worker(by, made.volunteer, "A decision is made by a worker of the scheme, never by oneself")
    if not made.is_open or made.second_by_id is not None or not DeclineKind(made.kind).needs_two:
        raise Refused("This does not wait for a second person")
    if worker == made.declined_by_id:
        raise Refused("Somebody else must agree: you made this decision")
    made.second_by_id = worker
    if made.told_by == "letter":
        _tell(made, by=by)
    session.flush()


def tell(made: Decline, *, by: Actor) -> None:
    """Somebody has told them in person: now it counts, and the letter goes.

    Where no e-mail and no text can carry the letter, the call was the letter: nobody is asked to tell them again.
    """
    _worker(by, made.volunteer, "A decision is told by a worker of the scheme")
    if not made.is_open:
        raise Refused("They have been told already, or the decision was dropped")
    if DeclineKind(made.kind).needs_two and made.second_by_id is None:
        raise Refused("A second person must agree before they are told")
    letter = _tell(made, by=by)
    session.flush()
    if letter is not None and letter.state is MessageState.BY_HAND:
        pass_on(letter, by=by)


def drop(made: Decline, *, by: Actor) -> None:
    """Not like this, or not now: nobody was told, and they stay where they are."""
    _worker(by, made.volunteer, "A decision is dropped by a worker of the scheme")
    if not made.is_open:
        raise Refused("They have been told already, or the decision was dropped")
    made.dropped_at = clock.now()
    session.flush()


def _tell(made: Decline, *, by: Actor) -> Message | None:
    volunteer = made.volunteer
    _refuse_unless_it_may_end(volunteer)
    at, kind = clock.now(), DeclineKind(made.kind)
    calendar = calendar_without(volunteer)  # before they leave: afterwards there are no dates of theirs any more
    volunteer.make(Move.DECLINE, by=by, at=at, because=f"{kind.words}. {made.because}")
    _decide_application(volunteer, "declined", at=at, by=by)
    made.told_at = at
    session.flush()
    return queue(messages.place_declined(made, calendar=calendar))


def remind_to_apply_again(at: datetime) -> int:
    """Tell those who wished for it, on the day, that they may apply again; once. The worker calls this."""
    audit.acting(WORKER)
    told = 0
    for made in queries.reminders_due(clock.in_london(at).date()):
        if once(f"decline:{made.id}:apply-again"):
            queue(messages.may_apply_again(made))
            told += 1
    return told


def withdraw(
    volunteer: Volunteer, *, by: Actor, decided_by: WhoDecided = WhoDecided.THEM,
    reasons: Collection[WithdrawReason] = (), their_words: str = "", our_words: str = "",
    might_return: MightReturn = MightReturn.UNKNOWN,
) -> Withdrawal:  # fmt: skip
    """They stop for now; it can be undone for some days. Raises `MoveRefused` where there is nothing to stop."""
    if decided_by is not WhoDecided.THEM and not our_words.strip():
        raise Refused(NO_REASON)
    at, before = clock.now(), volunteer.stage
    until = at + timedelta(days=volunteer.scheme.settings.withdrawal_undo_days)
    volunteers.withdraw(volunteer, because=their_words, by=by, undo_until=messages.day_of(until))
    for waiting in session.scalars(
        select(Decline).where(
            Decline.volunteer_id == volunteer.id, Decline.told_at.is_(None), Decline.dropped_at.is_(None)
        )
    ):
        waiting.dropped_at = at
    made = Withdrawal(
        volunteer=volunteer, decided_by=decided_by, reasons=[each.value for each in WithdrawReason if each in reasons],
        their_words=their_words, our_words=our_words, might_return=might_return, from_stage=before, withdrawn_at=at,
        undo_until=until, by_id=by.id, by_name=by.name,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def undo(volunteer: Volunteer, *, by: Actor) -> list[str]:
    """They go on after all, from where they were; says what that means for them, in words for their page."""
    session.execute(select(Volunteer.id).where(Volunteer.id == volunteer.id).with_for_update())  # one at a time
    session.refresh(volunteer, ["stage"])
    made, at = queries.latest_withdrawal(volunteer), clock.now()
    Refused.unless_empty(
        reasons_not_to_undo(
            is_withdrawn=volunteer.stage is Stage.WITHDRAWN, has_any=made is not None,
            is_undone=made is not None and made.undone_at is not None, until=made.undo_until if made else at, now=at,
        )
    )  # fmt: skip
    assert made is not None
    volunteer.make(Move.COME_BACK, by=by, at=at)
    made.undone_at, made.undone_by_name = at, by.name
    session.flush()
    if queries.had_link_to_a_talk(made) and volunteer.stage is Stage.INTERVIEWING:
        link_for(volunteer)  # the one they had was closed when they stopped
    queue(messages.came_back(volunteer))
    return queries.what_coming_back_means(made, volunteer.stage)


def save_signpost(
    signpost: Signpost | None, *, scheme: Scheme, title: str, about: str, phone: str, web: str, by: Actor
) -> Signpost:
    """Add an entry to the directory, or change one; either way it was looked at today."""
    if not title.strip():
        raise Refused("Enter who may help")
    if not (phone or web):
        raise Refused("Give a phone number or a web address, so that they can be reached")
    if signpost is None:
        signpost = Signpost(scheme=scheme)
        session.add(signpost)
    signpost.title, signpost.about, signpost.phone, signpost.web = title, about, phone, web
    signpost.reviewed_on = clock.today()
    session.flush()
    return signpost


def retire_signpost(signpost: Signpost, *, by: Actor) -> None:
    """Nobody is sent there any more; letters that named it stay as they were."""
    signpost.retired_at = signpost.retired_at or clock.now()
    session.flush()


def use_signpost_again(signpost: Signpost, *, by: Actor) -> None:
    """People may be sent there again; whether the number still rings is looked at when it is saved."""
    signpost.retired_at = None
    session.flush()


def _refuse_unless_it_may_end(volunteer: Volunteer) -> None:
    if volunteer.stage is Stage.TRAINING:
        raise MoveRefused("They are on a course: take them off the course first (The coordinator)")
    if not Move.DECLINE.leaves(volunteer.stage):
        raise MoveRefused(f"You cannot decline a volunteer who is {volunteer.stage.words.to_staff}")


def _alone_with(volunteer: Volunteer, move: Move) -> None:
    """One decision at a time; whoever comes second reads who decided what, and when."""
    seen = volunteer.stage
    session.execute(select(Volunteer.id).where(Volunteer.id == volunteer.id).with_for_update())
    session.refresh(volunteer, ["stage", "stage_since", "version"])
    words = queries.last_move_in_words(volunteer)
    if words and (volunteer.stage is not seen or not move.leaves(volunteer.stage)):
        raise Refused(words)


def _worker(by: Actor, volunteer: Volunteer, refusal: str) -> int:
    if by.id is None or by.id == volunteer.user_id:
        raise Refused(refusal)
    return by.id


def _decide_application(volunteer: Volunteer, decision: str, *, at: datetime, by: Actor) -> None:
    application = session.scalar(select(Application).where(Application.volunteer_id == volunteer.id))
    if application is not None:
        application.decision, application.decided_at, application.decided_by_id = decision, at, by.id
