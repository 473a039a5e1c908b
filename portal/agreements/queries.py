"""Reading agreements, who acknowledged them, and who has not yet."""

from __future__ import annotations

import hmac
import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.access import Can, Holder, within
from portal.agreements.models import Acknowledgement, Agreement, AgreementKind
from portal.agreements.rules import Version, standing
from portal.database import keyring, session
from portal.volunteers.journey import Stage
from portal.volunteers.models import Volunteer

OFFERED = (Stage.OFFERED, Stage.READY, Stage.TRAINING, Stage.CERTIFIED, Stage.ACTIVE, Stage.RESTING)
"""Who is asked: everybody with a place, for as long as they stay."""
LINK_DAYS = 60
LINK = re.compile(r"([0-9]{1,9})-([0-9]{1,9})-([0-9a-f]{5,6})-([0-9a-f]{48})", re.ASCII)
MOST = 200


@dataclass(frozen=True)
class Asked:
    """One kind that a scheme asks for: the version as it stands, and whether somebody has acknowledged it."""

    agreement: Agreement
    counted: frozenset[int]
    done: Acknowledgement | None = None
    has_older: bool = False

    @property
    def is_done(self) -> bool:
        """Whether an acknowledgement of theirs counts for it."""
        return self.done is not None

    @property
    def since(self) -> date | None:
        """The day on which they acknowledged it."""
        return clock.in_london(self.done.at).date() if self.done else None


def asked_of(volunteers: Sequence[Volunteer]) -> dict[int, list[Asked]]:
    """What each is asked to acknowledge, kind by kind, and whether they have; two queries for any number."""
    in_force = asked_by({each.scheme_id for each in volunteers})
    lines: dict[int, list[Acknowledgement]] = defaultdict(list)
    ids = [each.id for each in volunteers]
    query = select(Acknowledgement).where(Acknowledgement.volunteer_id.in_(ids)).order_by(Acknowledgement.id)
    for line in session.scalars(query.options(joinedload(Acknowledgement.agreement))):
        lines[line.volunteer_id].append(line)
    return {
        each.id: [_of_one(asked, lines[each.id]) for asked in in_force[each.scheme_id]] for each in volunteers
    }  # fmt: skip


def _of_one(asked: Asked, lines: list[Acknowledgement]) -> Asked:
    done = next((line for line in reversed(lines) if line.agreement_id in asked.counted), None)
    has_older = any(line.agreement.kind is asked.agreement.kind for line in lines)
    return Asked(asked.agreement, asked.counted, done, has_older)


def asked_by(scheme_ids: Collection[int]) -> dict[int, list[Asked]]:
    """What these schemes ask for, in the order of the kinds; one query."""
    by_kind: dict[tuple[int, AgreementKind], list[Agreement]] = defaultdict(list)
    query = select(Agreement).where(Agreement.scheme_id.in_(scheme_ids)).options(joinedload(Agreement.scheme))
    for agreement in session.scalars(query.order_by(Agreement.number)):
        by_kind[agreement.scheme_id, agreement.kind].append(agreement)
    found: dict[int, list[Asked]] = defaultdict(list)
    for kind in AgreementKind:
        for scheme_id in scheme_ids:
            versions = by_kind.get((scheme_id, kind), [])
            stands = standing(
                [Version(each.id, each.number, each.asks_again, each.withdrawn_at is not None) for each in versions]
            )
            if stands:
                latest = next(each for each in versions if each.id == stands.latest_id)
                found[scheme_id].append(Asked(latest, stands.counted))
    return found


def latest_of(scheme_id: int, kind: AgreementKind) -> Agreement | None:
    """The last version of one kind, withdrawn or not."""
    query = select(Agreement).where(Agreement.scheme_id == scheme_id, Agreement.kind == kind)
    return session.scalar(query.order_by(Agreement.number.desc()).limit(1))


def agreements(*, seen_by: Holder) -> list[Agreement]:
    """Every version in the schemes they manage, kind by kind, the newest first."""
    return list(
        session.scalars(
            select(Agreement)
            .where(within(seen_by, Can.MANAGE_SCHEME, Agreement.scheme_id))
            .options(joinedload(Agreement.scheme))
            .order_by(Agreement.published_at.desc(), Agreement.id.desc())
        )
    )


def agreement(agreement_id: int, *, seen_by: Holder) -> Agreement | None:
    """One version in a scheme they manage."""
    query = select(Agreement).where(
        Agreement.id == agreement_id, within(seen_by, Can.MANAGE_SCHEME, Agreement.scheme_id)
    )
    return session.scalar(query.options(joinedload(Agreement.scheme)))


def acknowledged(volunteer: Volunteer) -> list[Acknowledgement]:
    """Everything this person has ever put their name under, the newest first."""
    query = select(Acknowledgement).where(Acknowledgement.volunteer_id == volunteer.id)
    return list(
        session.scalars(
            query.options(joinedload(Acknowledgement.agreement), joinedload(Acknowledgement.file)).order_by(
                Acknowledgement.id.desc()
            )
        )
    )


def acknowledgement(volunteer: Volunteer, agreement_id: int) -> Acknowledgement | None:
    """What this person put their name under: one version."""
    query = select(Acknowledgement).where(
        Acknowledgement.volunteer_id == volunteer.id, Acknowledgement.agreement_id == agreement_id
    )
    return session.scalar(query.options(joinedload(Acknowledgement.agreement).joinedload(Agreement.scheme)))


def concerned(scheme_id: int) -> list[Volunteer]:
    """Everybody of a scheme whom an agreement is for."""
    query = select(Volunteer).where(Volunteer.scheme_id == scheme_id, Volunteer.stage.in_(OFFERED))
    return list(session.scalars(query.order_by(Volunteer.id)))


def not_yet(*, seen_by: Holder) -> list[tuple[Volunteer, list[Asked]]]:
    """Who has not acknowledged something that stands, and what, by name."""
    query = (
        select(Volunteer)
        .where(
            within(seen_by, Can.DECIDE_APPLICATIONS, Volunteer.scheme_id, Volunteer.area_id),
            Volunteer.stage.in_(OFFERED),
        )
        .options(joinedload(Volunteer.area))
        .order_by(Volunteer.sort_name, Volunteer.id)
    )
    people = list(session.scalars(query))
    asked = asked_of(people)
    found = [(each, [one for one in asked[each.id] if not one.is_done]) for each in people]
    return [(each, missing) for each, missing in found if missing]


def to_write_to() -> list[Volunteer]:
    """Everybody with a place, for the worker, with what their letters need."""
    query = select(Volunteer).where(Volunteer.stage.in_(OFFERED)).order_by(Volunteer.id)
    return list(session.scalars(query.options(joinedload(Volunteer.scheme), joinedload(Volunteer.contact))))


def token_of(agreement: Agreement, volunteer: Volunteer) -> str:
    """What opens one version for somebody, until 60 days from today or their address or number changes. 192 bits."""
    day = clock.today().toordinal()
    return f"{volunteer.id}-{agreement.id}-{day:x}-{_mark(volunteer, agreement, day)}"


def link_ends_on(day: date) -> date:
    """The last day on which a link opens anything that was made on this day."""
    return day + timedelta(days=LINK_DAYS)


@dataclass(frozen=True)
class ByLink:
    """Whose link it is, to which version, and until when it works."""

    volunteer: Volunteer
    agreement: Agreement
    ends_on: date


def by_link(token: str) -> ByLink | None:
    """What a link opens; None for one that never was, is too old, or is of an earlier address."""
    found = LINK.fullmatch(token)
    if found is None:
        return None
    volunteer_id, agreement_id, day = int(found[1]), int(found[2]), int(found[3], 16)
    if not 0 <= clock.today().toordinal() - day <= LINK_DAYS:
        return None
    query = select(Volunteer).where(Volunteer.id == volunteer_id)
    volunteer = session.scalar(query.options(joinedload(Volunteer.scheme), joinedload(Volunteer.contact)))
    agreement = session.get(Agreement, agreement_id)
    if volunteer is None or agreement is None or agreement.scheme_id != volunteer.scheme_id:
        return None
    if not hmac.compare_digest(_mark(volunteer, agreement, day), found[4]):
        return None
    return ByLink(volunteer, agreement, link_ends_on(date.fromordinal(day)))


def _mark(volunteer: Volunteer, agreement: Agreement, day: int) -> str:
    where = f"{volunteer.links_number}:{volunteer.email}:{volunteer.phone}"
    return keyring.hash(f"agreement link:{volunteer.id}:{agreement.id}:{day}:{where}")[:48]
