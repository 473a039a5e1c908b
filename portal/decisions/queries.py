"""Reading what was decided, what it rests on, and who else may help."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.access import Can, Holder, within
from portal.database import session
from portal.decisions.models import Condition, Decline, Offer, Signpost, Withdrawal
from portal.decisions.rules import DeclineKind
from portal.interviews.models import Interview, InterviewLink
from portal.interviews.rules import LEFT, ScoreArea, total
from portal.references.gates import gates as reference_gates
from portal.schemes.models import Scheme
from portal.volunteers.journey import Stage
from portal.volunteers.models import HistoryLine, Volunteer

REVIEW_AFTER = timedelta(days=182)
LATE_REMINDER = timedelta(days=30)


def latest_offer(volunteer: Volunteer, *, seen_by: Holder) -> Offer | None:
    """The last offer made to them."""
    return session.scalar(
        select(Offer)
        .join(Offer.volunteer)
        .where(Offer.volunteer_id == volunteer.id, _seen(seen_by))
        .order_by(Offer.id.desc())
        .limit(1)
    )


def own_conditions(volunteer: Volunteer) -> list[Condition]:
    """The conditions written for their last offer, in the order written."""
    last = select(func.max(Offer.id)).where(Offer.volunteer_id == volunteer.id).scalar_subquery()
    return list(session.scalars(select(Condition).where(Condition.offer_id == last).order_by(Condition.id)))


def declines_of(volunteer: Volunteer, *, seen_by: Holder) -> list[Decline]:
    """Every no that was decided on about them, the newest first."""
    return list(
        session.scalars(
            select(Decline)
            .join(Decline.volunteer)
            .where(Decline.volunteer_id == volunteer.id, _seen(seen_by))
            .options(joinedload(Decline.declined_by), joinedload(Decline.second_by))
            .order_by(Decline.id.desc())
        )
    )


def decline(decline_id: int, *, volunteer_id: int, seen_by: Holder) -> Decline | None:
    """One of them; None when it is not theirs to see."""
    return session.scalar(
        select(Decline)
        .join(Decline.volunteer)
        .where(Decline.id == decline_id, Decline.volunteer_id == volunteer_id, _seen(seen_by))
        .options(joinedload(Decline.volunteer).joinedload(Volunteer.scheme))
    )


def open_decline(volunteer: Volunteer) -> Decline | None:
    """The decision that waits to be agreed or told."""
    return session.scalar(
        select(Decline)
        .where(Decline.volunteer_id == volunteer.id, Decline.told_at.is_(None), Decline.dropped_at.is_(None))
        .limit(1)
    )


def last_move_in_words(volunteer: Volunteer) -> str:
    """Who moved them last, when and to where: for somebody who was about to decide otherwise."""
    line = session.scalar(
        select(HistoryLine).where(HistoryLine.volunteer_id == volunteer.id).order_by(HistoryLine.id.desc()).limit(1)
    )
    if line is None:
        return ""
    at = clock.in_london(line.at)
    stage = line.to_stage.words.in_report
    return f"This has been decided already: “{stage}”, {line.by_name}, {_day(at.date())}, {at:%H:%M}"


def told_decline(volunteer: Volunteer) -> Decline | None:
    """What somebody who was not taken on was told, for their own page."""
    if volunteer.stage is not Stage.DECLINED:
        return None
    return session.scalar(
        select(Decline)
        .where(Decline.volunteer_id == volunteer.id, Decline.told_at.is_not(None))
        .order_by(Decline.id.desc())
        .limit(1)
    )


def reminders_due(today: date) -> list[Decline]:
    """Who asked to be told that they may apply again, and the day has come; not long ago."""
    return list(
        session.scalars(
            select(Decline)
            .join(Decline.volunteer)
            .where(
                Decline.remind_them, Decline.told_at.is_not(None), Volunteer.stage == Stage.DECLINED,
                Decline.apply_again_on.between(today - LATE_REMINDER, today),
            )
            .options(joinedload(Decline.volunteer).joinedload(Volunteer.scheme))
            .order_by(Decline.id)
        )
    )  # fmt: skip


def kinds_of_declines(
    *, seen_by: Holder, since: date | None = None, until: date | None = None
) -> list[tuple[str, int]]:
    """How often each reason was given from that day to that, both counted, the most frequent first."""
    days = []
    if since is not None:
        days.append(Decline.told_at >= datetime.combine(since, time(), clock.LONDON))
    if until is not None:
        days.append(Decline.told_at < datetime.combine(until + timedelta(days=1), time(), clock.LONDON))
    rows = session.execute(
        select(Decline.kind, func.count())
        .join(Decline.volunteer)
        .where(
            within(seen_by, Can.SEE_REPORTS, Volunteer.scheme_id, Volunteer.area_id),
            Decline.told_at.is_not(None),
            *days,
        )
        .group_by(Decline.kind)
        .order_by(func.count().desc(), Decline.kind)
    )
    return [(DeclineKind(kind).words, count) for kind, count in rows]


def withdrawals_of(volunteer: Volunteer, *, seen_by: Holder) -> list[Withdrawal]:
    """Every time they stopped, the newest first."""
    return list(
        session.scalars(
            select(Withdrawal)
            .join(Withdrawal.volunteer)
            .where(Withdrawal.volunteer_id == volunteer.id, _seen(seen_by))
            .order_by(Withdrawal.id.desc())
        )
    )


def latest_withdrawal(volunteer: Volunteer) -> Withdrawal | None:
    """The last time they stopped."""
    return session.scalar(
        select(Withdrawal).where(Withdrawal.volunteer_id == volunteer.id).order_by(Withdrawal.id.desc()).limit(1)
    )


def may_undo(volunteer: Volunteer) -> Withdrawal | None:
    """The withdrawal that can still be undone."""
    made = latest_withdrawal(volunteer) if volunteer.stage is Stage.WITHDRAWN else None
    return made if made and made.undone_at is None and clock.now() <= made.undo_until else None


def had_link_to_a_talk(made: Withdrawal) -> bool:
    """Whether they could choose or change the time of a talk until they stopped: stopping closed their link."""
    closed = select(InterviewLink.id).where(
        InterviewLink.volunteer_id == made.volunteer_id, InterviewLink.closed_at >= made.withdrawn_at
    )
    return session.scalar(closed.limit(1)) is not None


def what_coming_back_means(made: Withdrawal, now: Stage) -> list[str]:
    """What goes on by itself and what is asked anew, in words for the one it is about."""
    words = []
    talked_off = session.scalar(
        select(Interview.id)
        .where(
            Interview.volunteer_id == made.volunteer_id, Interview.cancelled_because == LEFT,
            Interview.cancelled_at >= made.withdrawn_at,
        )
        .limit(1)
    )  # fmt: skip
    if talked_off is not None:
        words.append("Your talk was called off when you stopped. We will find a new time with you")
    if made.from_stage is Stage.TRAINING:
        words.append(
            "Your place on the course was given back. You still have a place with us, and we will find a course"
        )
    if now in {Stage.OFFERED, Stage.READY}:
        words.append("The links that we sent to the people who know you work again")
    return words or ["Everything is as it was before you stopped"]


def facts_for(volunteer: Volunteer, conditions: Sequence[tuple[str, str]] = ()) -> list[tuple[str, str]]:
    """What a decision about them rests on today, as (title, words): kept with it, so that it can be explained later."""
    facts = [("Where they were", f"{volunteer.stage.words.in_report}, since {_day(volunteer.stage_since.date())}")]
    held = session.scalar(
        select(Interview)
        .where(Interview.volunteer_id == volunteer.id, Interview.held_at.is_not(None))
        .order_by(Interview.held_at.desc())
        .limit(1)
    )
    if held is not None and held.scores:
        each = ", ".join(f"{area.words.lower()} {held.scores.get(area.value, '–')}" for area in ScoreArea)
        mark = volunteer.scheme.settings.interview_pass_mark
        facts.append(("Interview", f"{total(held.scores)} of 24 (the scheme asks for {mark}): {each}"))
    else:
        facts.append(("Interview", "No interview was held"))
    for gate in reference_gates([volunteer])[volunteer.id]:
        facts.append((gate.title, f"{gate.state.words}: {gate.why}"))
    facts += [
        (f"Condition: {each.words}", f"Met on {_day(each.met_at.date())}" if each.met_at else "Not met")
        for each in own_conditions(volunteer)
    ]
    return [*facts, *conditions]


def signposts(*, seen_by: Holder) -> list[Signpost]:
    """The directory of one's schemes, those to look at first."""
    return list(
        session.scalars(
            select(Signpost)
            .where(within(seen_by, Can.MANAGE_SCHEME, Signpost.scheme_id))
            .options(joinedload(Signpost.scheme))
            .order_by(Signpost.retired_at.is_not(None), Signpost.reviewed_on, Signpost.title)
        )
    )


def signpost(signpost_id: int, *, seen_by: Holder) -> Signpost | None:
    """One entry; None when it is not theirs to change."""
    return session.scalar(
        select(Signpost)
        .where(Signpost.id == signpost_id, within(seen_by, Can.MANAGE_SCHEME, Signpost.scheme_id))
        .options(joinedload(Signpost.scheme))
    )


def signposts_of(scheme_id: int) -> list[Signpost]:
    """Who a kind no of this scheme may point to."""
    return list(
        session.scalars(
            select(Signpost)
            .where(Signpost.scheme_id == scheme_id, Signpost.retired_at.is_(None))
            .order_by(Signpost.title, Signpost.id)
        )
    )


def is_overdue(signpost: Signpost) -> bool:
    """Whether somebody should look whether the number still rings."""
    return signpost.retired_at is None and clock.today() - signpost.reviewed_on > REVIEW_AFTER


def schemes_managed(*, seen_by: Holder) -> list[Scheme]:
    """The schemes whose directory they keep, by name."""
    return list(
        session.scalars(select(Scheme).where(within(seen_by, Can.MANAGE_SCHEME, Scheme.id)).order_by(Scheme.name))
    )


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _seen(seen_by: Holder) -> ColumnElement[bool]:
    return within(seen_by, Can.DECIDE_APPLICATIONS, Volunteer.scheme_id, Volunteer.area_id)
