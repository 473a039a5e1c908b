"""Certificates, as those who look may see them, and what CV evidence is made of."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.access import Can, within
from portal.accounts.models import User
from portal.certification.models import Certificate, CertificateState, CvChoice
from portal.cohorts.models import Cohort, Enrolment
from portal.cohorts.queries import ON_THE_COURSE, may_see
from portal.database import session
from portal.schemes.models import Area
from portal.volunteers.journey import Stage
from portal.volunteers.models import HistoryLine, Volunteer


def certificate(certificate_id: int, *, seen_by: User) -> Certificate | None:
    """One certificate with its volunteer and scheme; None when it is not theirs to see."""
    query = (
        select(Certificate)
        .join(Certificate.volunteer)
        .where(
            Certificate.id == certificate_id,
            within(seen_by, Can.CERTIFY, Volunteer.scheme_id, Volunteer.area_id),
        )
        .options(
            joinedload(Certificate.volunteer).joinedload(Volunteer.scheme),
            joinedload(Certificate.volunteer).joinedload(Volunteer.contact),
        )
    )
    return session.scalars(query).one_or_none()


def certificates_of(volunteer: Volunteer) -> Sequence[Certificate]:
    """Every certificate of one volunteer, the newest first."""
    query = select(Certificate).where(Certificate.volunteer_id == volunteer.id).order_by(Certificate.id.desc())
    return session.scalars(query).all()


def own_certificate(user: User) -> Certificate | None:
    """The volunteer's own certificate: the newest; None when there is none. One statement, for a fast print."""
    query = (
        select(Certificate)
        .join(Certificate.volunteer)
        .where(Volunteer.user_id == user.id)
        .order_by(Certificate.id.desc())
        .limit(1)
    )
    return session.scalars(query).first()


def by_check_code(check_code: str) -> Certificate | None:
    """The certificate with this code. No `seen_by`: who holds the code may see that the certificate is good."""
    return session.scalar(select(Certificate).where(Certificate.check_code == check_code))


def is_number_taken(number: str) -> bool:
    """Whether a certificate has this number already."""
    return bool(session.scalar(select(exists().where(Certificate.number == number))))


def has_valid(enrolment_id: int) -> bool:
    """Whether a valid certificate stands for this place on a course."""
    condition = exists().where(Certificate.enrolment_id == enrolment_id, Certificate.state == CertificateState.VALID)
    return bool(session.scalar(select(condition)))


def enrolment(enrolment_id: int, *, seen_by: User) -> Enrolment | None:
    """One learner with all that certifying them needs; None when it is not theirs."""
    return session.scalars(_learners(Enrolment.id == enrolment_id, may_see(seen_by, Can.CERTIFY))).one_or_none()


def learners_of(cohort: Cohort) -> Sequence[Enrolment]:
    """Everybody who is or was on this course to its end, by name, with all that certifying them needs."""
    query = _learners(Enrolment.cohort_id == cohort.id, Enrolment.state.in_(ON_THE_COURSE))
    return session.scalars(query.join(Enrolment.volunteer).order_by(Volunteer.sort_name, Enrolment.id)).all()


def latest_learning(volunteer: Volunteer) -> Enrolment | None:
    """The volunteer's latest place on a course, with all that certifying them needs."""
    query = _learners(Enrolment.volunteer_id == volunteer.id, Enrolment.state.in_(ON_THE_COURSE))
    return session.scalars(query.order_by(Enrolment.enrolled_at.desc(), Enrolment.id.desc()).limit(1)).first()


def _learners(*conditions: ColumnElement[bool]) -> Select[Enrolment]:
    return (
        select(Enrolment)
        .join(Enrolment.cohort)
        .where(*conditions)
        .options(
            joinedload(Enrolment.cohort).joinedload(Cohort.course_version),
            joinedload(Enrolment.cohort).joinedload(Cohort.area).joinedload(Area.scheme),
            joinedload(Enrolment.volunteer).joinedload(Volunteer.scheme),
            joinedload(Enrolment.volunteer).joinedload(Volunteer.contact),
        )
    )


def valid_certificates(enrolment_ids: Collection[int]) -> dict[int, Certificate]:
    """The valid certificate of each place on a course that has one."""
    query = select(Certificate).where(
        Certificate.enrolment_id.in_(sorted(enrolment_ids)), Certificate.state == CertificateState.VALID
    )
    return {each.enrolment_id: each for each in session.scalars(query)}


# CV evidence


def cv_choice(volunteer: Volunteer) -> CvChoice | None:
    """What this mentor chose to show; None when they have not chosen yet."""
    return session.scalar(select(CvChoice).where(CvChoice.volunteer_id == volunteer.id))


@dataclass(frozen=True)
class Stretch:
    """A time as an active mentor; `until` is None while it lasts."""

    since: date
    until: date | None


def active_stretches(volunteer: Volunteer) -> list[Stretch]:
    """When somebody was an active mentor: a break in between is part of it, leaving ends it."""
    lines = session.scalars(
        select(HistoryLine).where(HistoryLine.volunteer_id == volunteer.id).order_by(HistoryLine.id)
    )
    found: list[Stretch] = []
    for line in lines:
        day = clock.in_london(line.at).date()
        is_open = bool(found) and found[-1].until is None
        if line.to_stage is Stage.ACTIVE and not is_open:
            found.append(Stretch(day, None))
        elif line.to_stage is Stage.LEFT and is_open:
            found[-1] = Stretch(found[-1].since, day)
    return found
