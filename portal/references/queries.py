"""Reading references: by the secret of a link, and for staff."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from hmac import compare_digest

from sqlalchemy import ColumnElement, Select, String, and_, cast, func, literal, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal.access import Can, Holder, within
from portal.applications.models import Application, Referee
from portal.database import keyring, session
from portal.locks.models import Once
from portal.references.models import WAITING, Reference, ReferenceState
from portal.references.rules import EVER_ASKED, stages_asked
from portal.schemes.rules import ReferencesAsked
from portal.volunteers.models import Volunteer

LONGEST_TOKEN = 100
MOST_DIGITS = 9  # a number the database can compare
ANOTHER, NAMED = "another", "named"
"""Steps of a reference: the applicant was asked for somebody else in its place; its referee is one they named then."""


def hashed(token: str) -> str:
    """What is kept of a link's secret."""
    return keyring.hash(f"reference:{token}")


def step_key(reference: Reference, who: str, step: int) -> str:
    """What one reminder of one round is known by, for `locks.services.once`."""
    return f"reference:{reference.id}:{reference.link_number}:{who}:{step}"


def reference_by_link(token: str) -> Reference | None:
    """The reference that this link's secret opens, whether it still may or not; None when it never did."""
    if len(token) > LONGEST_TOKEN:
        return None
    return session.scalar(whole().where(Reference.token_hash == hashed(token)))


def reference(reference_id: int, *, volunteer_id: int, seen_by: Holder) -> Reference | None:
    """One reference with its referee and volunteer; None when it is not theirs to see."""
    return session.scalar(
        whole()
        .join(Reference.volunteer)
        .where(Reference.id == reference_id, Reference.volunteer_id == volunteer_id, _seen(seen_by))
    )


def references_of(volunteer: Volunteer, *, seen_by: Holder) -> list[Reference]:
    """All their references, in the order in which the referees were named."""
    return list(
        session.scalars(
            select(Reference)
            .join(Reference.volunteer)
            .where(Reference.volunteer_id == volunteer.id, _seen(seen_by))
            .options(joinedload(Reference.referee))
            .order_by(Reference.referee_id)
        )
    )


def referees_not_asked(volunteer: Volunteer, *, seen_by: Holder) -> list[Referee]:
    """The referees they named whom nobody has asked yet."""
    return list(
        session.scalars(
            select(Referee)
            .join(Referee.application)
            .join(Application.volunteer)
            .where(
                Application.volunteer_id == volunteer.id,
                _seen(seen_by),
                Referee.id.not_in(select(Reference.referee_id).where(Reference.volunteer_id == volunteer.id)),
            )
            .order_by(Referee.id)
        )
    )


def whole() -> Select[Reference]:
    """References with all that their pages and letters say."""
    return select(Reference).options(
        joinedload(Reference.referee),
        joinedload(Reference.file),
        joinedload(Reference.volunteer).joinedload(Volunteer.scheme),
        joinedload(Reference.volunteer).joinedload(Volunteer.area),
        joinedload(Reference.volunteer).joinedload(Volunteer.contact),
    )


def another_wanted(volunteer: Volunteer) -> Reference | None:
    """The reference in whose place this person is to name somebody else; None when enough people are named."""
    found = _another_wanted(Reference.volunteer_id == volunteer.id)
    return next(found, None)


def others_wanted(*, seen_by: Holder) -> list[Reference]:
    """Whose applicants were asked for somebody else and have not named anybody yet, the longest wait first."""
    return list(_another_wanted(_seen(seen_by)))


def named_since(*, seen_by: Holder) -> list[Reference]:
    """Those whom applicants named in the place of another and who have not answered yet, the longest wait first."""
    return list(
        session.scalars(
            select(Reference)
            .join(Reference.volunteer)
            .where(
                _seen(seen_by), Reference.state.in_(WAITING), Volunteer.stage.in_(EVER_ASKED), _was(NAMED),
            )
            .options(
                contains_eager(Reference.volunteer).joinedload(Volunteer.scheme), joinedload(Reference.referee)
            )
            .order_by(Reference.requested_at, Reference.id)
        )
    )  # fmt: skip


def _another_wanted(*conditions: ColumnElement[bool]) -> Iterator[Reference]:
    """One query. A reference is lost when its referee would rather not, or when staff asked for somebody else."""
    asked_for = and_(_was(ANOTHER), Reference.state.in_((*WAITING, ReferenceState.CONCERN)))
    named = (
        select(func.count(Referee.id))
        .join(Referee.application)
        .where(Application.volunteer_id == Reference.volunteer_id)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Reference, named)
        .join(Reference.volunteer)
        .where(
            or_(Reference.state == ReferenceState.DECLINED, asked_for), Volunteer.stage.in_(EVER_ASKED), *conditions
        )
        .options(contains_eager(Reference.volunteer).joinedload(Volunteer.scheme), joinedload(Reference.referee))
        .order_by(Reference.requested_at, Reference.id)
    )  # fmt: skip
    lost: dict[int, list[Reference]] = {}
    count: dict[int, int] = {}
    for reference, number in rows:
        lost.setdefault(reference.volunteer_id, []).append(reference)
        count[reference.volunteer_id] = number
    for volunteer_id, references in lost.items():
        settings, stage = references[-1].volunteer.scheme.settings, references[-1].volunteer.stage
        is_time = stage in stages_asked(ReferencesAsked(settings.references_asked))
        if is_time and count[volunteer_id] - len(references) < settings.references_needed:
            yield references[-1]


def _was(step: str) -> ColumnElement[bool]:
    """Whether this step of the reference's round was taken: `step_key` in SQL."""
    number, link = cast(Reference.id, String), cast(Reference.link_number, String)
    key = literal("reference:") + number + literal(":") + link + literal(f":{step}:0")
    return select(Once.key).where(Once.key == key).exists()


def another_path(reference: Reference) -> str:
    """Where the applicant names somebody else in the place of this one, as long as somebody else is wanted."""
    return f"/referees/another/{reference.id}-{_another_secret(reference)}"


def reference_by_another_link(token: str) -> Reference | None:
    """The reference in whose place this link names somebody else; None when it never did, or nobody is wanted now."""
    number, _, secret = token.partition("-")
    if len(token) > LONGEST_TOKEN or not (number.isascii() and number.isdigit()) or len(number) > MOST_DIGITS:
        return None
    found = session.scalar(whole().where(Reference.id == int(number)))
    if found is None or not compare_digest(secret.encode(), _another_secret(found).encode()):
        return None
    return found if another_wanted(found.volunteer) else None


def _another_secret(reference: Reference) -> str:
    asked_at = reference.requested_at.astimezone(UTC).isoformat()
    return keyring.hash(f"another referee link:{reference.id}:{reference.link_number}:{asked_at}")[:48]


def own_application(volunteer: Volunteer) -> Application | None:
    """The applicant's own application with everybody they named."""
    return session.scalar(
        select(Application)
        .where(Application.volunteer_id == volunteer.id)
        .options(selectinload(Application.referees), joinedload(Application.volunteer).joinedload(Volunteer.scheme))
    )


def application_of(volunteer: Volunteer, *, seen_by: Holder) -> Application | None:
    """Their application with everybody they named, for the rules about one more."""
    return session.scalar(
        select(Application)
        .join(Application.volunteer)
        .where(Application.volunteer_id == volunteer.id, _seen(seen_by))
        .options(selectinload(Application.referees))
    )


def _seen(seen_by: Holder) -> ColumnElement[bool]:
    return within(seen_by, Can.SEE_REFERENCES, Volunteer.scheme_id, Volunteer.area_id)
