"""The people of a group, as a meeting's list may name them."""

from __future__ import annotations

from sqlalchemy import select

from portal.accounts.models import User
from portal.cohorts.models import Enrolment
from portal.database import session
from portal.meetings.rules import Known
from portal.registers.queries import Register
from portal.schemes.models import Scheme
from portal.volunteers.models import Volunteer


def known_people(register: Register) -> list[Known]:
    """Everybody on this register who can be marked, with every address and name they may have used: one statement."""
    markable = [person.enrolment_id for person in register.people.values() if not person.blocked]
    rows = session.execute(
        select(
            Enrolment.id, Volunteer.name, Volunteer.known_as, Volunteer.romanised, Volunteer.email,
            User.email.label("account"),
        )
        .join(Enrolment.volunteer)
        .outerjoin(User, User.id == Volunteer.user_id)
        .where(Enrolment.id.in_(markable))
        .order_by(Volunteer.sort_name, Enrolment.id)
    )  # fmt: skip
    return [
        Known(
            row.id, row.known_as or row.name,
            names=frozenset(filter(None, (row.name, row.known_as, row.romanised))),
            emails=frozenset(filter(None, (row.email, row.account))),
        )
        for row in rows
    ]  # fmt: skip


def late_after(register: Register) -> int:
    """How many minutes somebody may miss of this scheme's sessions and still be marked as present."""
    return session.scalars(select(Scheme).where(Scheme.id == register.scheme_id)).one().settings.late_after_minutes
