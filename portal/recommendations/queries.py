"""Reading recommendations: by the secret of a link, for one person, and what waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.access import Can, Holder, within
from portal.database import keyring, session
from portal.recommendations.models import Recommendation, RecommendationState
from portal.volunteers.journey import Stage
from portal.volunteers.models import Volunteer

LONGEST_TOKEN = 100
STOPPED = (Stage.APPLYING, Stage.DECLINED, Stage.WITHDRAWN, Stage.LEFT, Stage.JOINED)
"""Nobody is asked about somebody who has not sent their application, or has stopped."""
WAITING = (RecommendationState.REQUESTED, RecommendationState.OPENED)


def token_of(recommendation: Recommendation) -> str:
    """The secret of its link: the same for every chaser, another one after a new address. 192 bits."""
    return keyring.hash(f"recommendation link:{recommendation.id}:{recommendation.link_number}")[:48]


def hashed(token: str) -> str:
    """What is kept of a link's secret."""
    return keyring.hash(f"recommendation:{token}")


def recommendation_by_link(token: str) -> Recommendation | None:
    """The recommendation that this link's secret opens, whether it still may or not; None when it never did."""
    if len(token) > LONGEST_TOKEN:
        return None
    return session.scalar(_whole().where(Recommendation.token_hash == hashed(token)))


def recommendation(recommendation_id: int, *, volunteer_id: int, seen_by: Holder) -> Recommendation | None:
    """One recommendation with its volunteer; None when it is not theirs to see."""
    return session.scalar(
        _whole()
        .join(Recommendation.volunteer)
        .where(Recommendation.id == recommendation_id, Recommendation.volunteer_id == volunteer_id, _seen(seen_by))
    )


def recommendations_of(volunteer: Volunteer, *, seen_by: Holder) -> Sequence[Recommendation]:
    """Everybody who was named for this person, in the order in which they were."""
    return session.scalars(
        select(Recommendation)
        .join(Recommendation.volunteer)
        .where(Recommendation.volunteer_id == volunteer.id, _seen(seen_by))
        .order_by(Recommendation.id)
    ).all()


def outcome_of(volunteer: Volunteer) -> str:
    """How it stands with the person who speaks for them, without a name: a yes first, else the newest."""
    named = own_recommendations(volunteer)
    yes = [each for each in named if each.state is RecommendationState.RECOMMENDED]
    return (yes or named)[-1].to_applicant if named else ""


def own_recommendations(volunteer: Volunteer) -> Sequence[Recommendation]:
    """Everybody who was named for this person, for the person themselves: show no more of it than the state."""
    query = select(Recommendation).where(Recommendation.volunteer_id == volunteer.id)
    return session.scalars(query.order_by(Recommendation.id)).all()


def to_look_at(*, seen_by: Holder) -> Sequence[Recommendation]:
    """All that is not settled, of people who go on: to ring, waiting, and those to ask again, by their day."""
    return session.scalars(
        select(Recommendation)
        .join(Recommendation.volunteer)
        .where(
            _seen(seen_by),
            Volunteer.stage.not_in((*STOPPED, Stage.TRAINING, Stage.CERTIFIED, Stage.ACTIVE, Stage.RESTING)),
            # whoever has a place had all that was asked for: only what was said of them still counts
            or_(Volunteer.stage != Stage.READY, Recommendation.state.not_in(WAITING)),
        )
        .options(contains_eager(Recommendation.volunteer).joinedload(Volunteer.area))
        .order_by(Recommendation.look_again_on, Recommendation.asked_at, Recommendation.id)
    ).all()


def unanswered(at: datetime, *, asked_before: datetime) -> Sequence[Recommendation]:
    """Links that work at this instant and were sent before that one. For the worker."""
    return session.scalars(
        _whole()
        .join(Recommendation.volunteer)
        .where(
            Recommendation.state.in_(WAITING), Recommendation.expires_at > at, Recommendation.bounced_at.is_(None),
            Recommendation.asked_at <= asked_before, Volunteer.stage.not_in(STOPPED),
        )
        .order_by(Recommendation.id)
    ).all()  # fmt: skip


def to_ask_again(today: date) -> Sequence[Recommendation]:
    """Those who said "not yet" and whose day has come, of people who still want to. For the worker."""
    return session.scalars(
        _whole()
        .join(Recommendation.volunteer)
        .where(
            Recommendation.state == RecommendationState.NOT_YET, Recommendation.look_again_on <= today,
            Volunteer.stage.not_in(STOPPED),
        )
        .order_by(Recommendation.id)
    ).all()  # fmt: skip


def _whole() -> Select[Recommendation]:
    return select(Recommendation).options(
        joinedload(Recommendation.volunteer).joinedload(Volunteer.scheme),
        joinedload(Recommendation.volunteer).joinedload(Volunteer.contact),
    )


def _seen(seen_by: Holder) -> ColumnElement[bool]:
    return within(seen_by, Can.SEE_REFERENCES, Volunteer.scheme_id, Volunteer.area_id)


@dataclass(frozen=True)
class SortedOut:
    """What staff look at, by what there is to do."""

    to_ring: list[Recommendation]
    waiting: list[Recommendation]
    later: list[Recommendation]


def sorted_out(found: Sequence[Recommendation]) -> SortedOut:
    """Whom to ring or to reach another way, who has not answered yet, and whom we ask again by ourselves."""
    to_ring = [each for each in found if _needs_a_person(each)]
    rest = [each for each in found if each not in to_ring]
    return SortedOut(
        to_ring, [each for each in rest if each.state in WAITING],
        [each for each in rest if each.state is RecommendationState.NOT_YET],
    )  # fmt: skip


def _needs_a_person(each: Recommendation) -> bool:
    return bool(why_a_person(each))


def why_a_person(each: Recommendation) -> str:
    """What somebody of the scheme has to do about it; empty when it goes on by itself."""
    if each.wants_a_call:
        return "Wants to be rung first"
    if each.state in WAITING and each.bounced_at is not None:
        return "Our letter came back"
    if each.state in WAITING and not each.email:
        return "Ask them by phone"
    if each.state is RecommendationState.EXPIRED:
        return "Never answered"
    return "Not asked yet" if each.state is RecommendationState.NAMED else ""
