"""The scheme that is measured: 10,000 people, a finished group of 20 with 24 sessions marked, and today's groups."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, text

from bench import PASSWORD
from courses.loader import builtin
from courses.marks import AbsenceReason, Code
from portal import clock
from portal.access import Role
from portal.accounts.models import RoleHeld, User
from portal.accounts.services import locks
from portal.attendance.models import Mark
from portal.audit.rules import Outsider
from portal.certification.documents import Certificate as CertificateFacts
from portal.certification.models import Certificate
from portal.cohorts.models import Cohort, CohortSession, CohortState, Enrolment, cohort_trainer
from portal.courses.models import CourseVersion
from portal.courses.services import freeze
from portal.database import db, session
from portal.schemes.models import Area, Scheme
from portal.schemes.services import add_area, open_scheme
from portal.volunteers.journey import Stage
from portal.volunteers.models import ContactPreference, Volunteer
from portal.volunteers.rules import sort_name

GROUP, SESSIONS = 20, 24
PLACES = ("Darlington", "Bishop Auckland", "Durham City")
FIRST_NAMES = (
    "Aisha Alan Amy Andrzej Bethan Callum Carys Chloe Daniel Dawn Declan Ewa Fatima Gareth Grace Hannah Imran Jade "
    "Joanna Kieran Lauren Liam Magda Megan Mohammed Niamh Olivia Owain Paul Rhys Ruth Samira Siân Tariq Wiktor Zoë"
)
LAST_NAMES = (
    "Ahmed Armstrong Bell Blackwood Brown Charlton Davies Dixon Evans Ferguson Gibson Hall Hussain Jackson Jones "
    "Kowalska Lewis Łukasiewicz MacDonald Morgan Nowak O’Brien Patel Pritchard Robson Shaw Smith Smithson Stokoe "
    "Taylor Thomas Tŷ-Coch Walker Watson Williams Wiśniewski Young"
)
BENCH = Outsider("The bench")


@dataclass
class Hall:
    """Registers that several trainers share, and one that nobody has marked."""

    trainers: list[str] = field(default_factory=list)
    registers: list[int] = field(default_factory=list)
    people: list[list[int]] = field(default_factory=list)
    new_register: int = 0
    new_people: list[int] = field(default_factory=list)


@dataclass
class Filled:
    """What the requests need to know of the data."""

    trainer: str
    coordinator: str
    emails: list[str]
    report_cohort: int
    registers: list[int] = field(default_factory=list)
    learners: list[list[int]] = field(default_factory=list)
    certificates: list[int] = field(default_factory=list)
    hall: Hall = field(default_factory=Hall)


def fill(people: int, visitors: int, shared: int) -> Filled:
    """Make it all, through services where there are few rows and in bulk where there are many; commits."""
    chance = random.Random(2027)
    scheme = open_scheme(name="Durham Peer Mentors", slug="durham", by=BENCH, phone="0191 498 0000")
    areas = [add_area(scheme, name=name, slug=name.lower().replace(" ", "-"), by=BENCH) for name in PLACES]
    coordinator, trainer = (_staff(scheme, role) for role in (Role.COORDINATOR, Role.TRAINER))
    doors = [_staff(scheme, Role.FUNDER_READER, f"-{n}") for n in range(visitors)]
    course = freeze(builtin(), scheme=scheme, by=coordinator)
    session.flush()
    _people(chance, scheme, areas, people)
    volunteers = iter(session.execute(select(Volunteer.id, Volunteer.name).order_by(Volunteer.id)).all())

    def group(name: str, starts: Sequence[datetime]) -> tuple[Cohort, list[int], list[int]]:
        people = [next(volunteers) for _ in range(GROUP)]
        return _group(name, starts=starts, people=people, area=areas[0], course=course, trainer=trainer, by=coordinator)

    past = [clock.now() - timedelta(days=3 * n + 1) for n in reversed(range(SESSIONS))]
    finished, sessions, learners = group("Group of the report", past)
    _mark(chance, sessions, learners, trainer)
    filled = Filled(
        trainer.fs_uniquifier, coordinator.fs_uniquifier, [each.email for each in doors], finished.id
    )  # fmt: skip
    filled.certificates = _certificates(finished, learners, coordinator)
    for n in range(visitors):
        _, sessions, learners = group(f"Group {n + 1}", [clock.now() - timedelta(hours=1)])
        _mark(chance, sessions, learners, trainer, always=Code.P)
        filled.registers += sessions
        filled.learners.append(learners)
    trainers = [_staff(scheme, Role.TRAINER, f"-{n}") for n in range(visitors)]
    hall = Hall([each.fs_uniquifier for each in trainers])
    for n in range(shared + 1):
        cohort, (meeting,), learners = group(f"Shared group {n + 1}", [clock.now() - timedelta(hours=1)])
        session.execute(insert(cohort_trainer), [{"cohort_id": cohort.id, "user_id": each.id} for each in trainers])
        if n == shared:
            hall.new_register, hall.new_people = meeting, learners
            continue
        _mark(chance, [meeting], learners, trainer, always=Code.P)
        hall.registers.append(meeting)
        hall.people.append(learners)
    filled.hall = hall
    session.commit()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    return filled


def _staff(scheme: Scheme, role: Role, suffix: str = "") -> User:
    name = f"{role.value}{suffix}"
    user = User(
        email=f"{name}@bench.example", name=name.capitalize(), fs_uniquifier=f"key-of-{name}", created_at=clock.now(),
        active=True, password=locks.hash(PASSWORD),
    )  # fmt: skip
    user.roles_held = [RoleHeld(role=role, scheme=scheme, from_on=clock.today() - timedelta(days=9))]
    session.add(user)
    session.flush()
    return user


def _people(chance: random.Random, scheme: Scheme, areas: Sequence[Area], people: int) -> None:
    now, stages = clock.now(), list(Stage)
    names = [f"{first} {last}" for first in FIRST_NAMES.split() for last in LAST_NAMES.split()]
    sorted_as = {name: sort_name(name) for name in names}
    rows = []
    for n in range(people):
        name, at = chance.choice(names), now - timedelta(days=chance.randrange(900))
        rows.append(
            {
                "scheme_id": scheme.id, "area_id": chance.choice(areas).id, "reference": f"A-{n:06d}", "name": name,
                "sort_name": sorted_as[name], "email": f"person-{n}@bench.example", "stage_since": at,
                "created_at": at, "stage": Stage.TRAINING if n < 800 else chance.choice(stages), "version": 1,
            }
        )  # fmt: skip
    session.connection().execute(insert(Volunteer.__table__), rows)
    contacts = insert(ContactPreference.__table__).from_select(["volunteer_id"], select(Volunteer.id))
    session.connection().execute(contacts)


def _group(
    name: str, *, starts: Sequence[datetime], people: Sequence[Any], area: Area, course: CourseVersion, trainer: User,
    by: User,
) -> tuple[Cohort, list[int], list[int]]:  # fmt: skip
    now = clock.now()
    cohort = Cohort(
        scheme_id=area.scheme_id, area=area, course_version=course, name=name, state=CohortState.RUNNING,
        venue="The Hub", capacity=GROUP, starts_on=starts[0].date(), created_at=now,
        slots=[{"weekday": 1, "starts_at": "18:00", "minutes": 120}],
    )  # fmt: skip
    session.add(cohort)
    session.flush()
    session.execute(insert(cohort_trainer), [{"cohort_id": cohort.id, "user_id": trainer.id}])
    taught = [
        {
            "cohort_id": cohort.id, "number": n, "week": (n + 1) // 2, "title": f"Session {n} of the course",
            "starts_at": at, "ends_at": at + timedelta(minutes=120), "minutes": 120, "is_mandatory": n in (1, 8),
        }
        for n, at in enumerate(starts, start=1)
    ]  # fmt: skip
    places = [
        {
            "cohort_id": cohort.id, "volunteer_id": person.id, "joined_on": starts[0].date(), "enrolled_at": now,
            "enrolled_by_id": by.id,
        }
        for person in people
    ]  # fmt: skip
    session.execute(insert(CohortSession), taught)
    session.execute(insert(Enrolment), places)
    return cohort, _ids(CohortSession, cohort, CohortSession.number), _ids(Enrolment, cohort, Enrolment.id)


def _ids(model: Any, cohort: Cohort, order: Any) -> list[int]:
    return list(session.scalars(select(model.id).where(model.cohort_id == cohort.id).order_by(order)))


def _mark(
    chance: random.Random, sessions: Sequence[int], learners: Sequence[int], trainer: User, always: Code | None = None
) -> None:
    codes = (Code.P,) * 16 + (Code.L, Code.A, Code.U, Code.V)
    pick: Callable[[], Code] = lambda: always or chance.choice(codes)  # noqa: E731
    rows = []
    for meeting in sessions:
        for learner in learners:
            code = pick()
            rows.append(
                {
                    "session_id": meeting, "enrolment_id": learner, "code": code, "note": "",
                    "minutes": 15 if code is Code.L else None, "marked_at": clock.now(), "marked_by_id": trainer.id,
                    "reason": AbsenceReason.ILLNESS if code is Code.A else None,
                }
            )  # fmt: skip
    session.execute(insert(Mark), rows)


def _certificates(cohort: Cohort, learners: Sequence[int], by: User) -> list[int]:
    units = tuple((unit.code, unit.title) for unit in builtin().units)
    query = select(Enrolment.id, Enrolment.volunteer_id, Volunteer.name).join(Enrolment.volunteer)
    made = []
    for n, each in enumerate(session.execute(query.where(Enrolment.id.in_(learners)).order_by(Enrolment.id)), start=1):
        facts = CertificateFacts(
            number=f"AL-2027-{n:04d}", check_url=f"https://portal.example/c/check-code-{n:011d}", mentor=each.name,
            romanised=None, scheme="Durham Peer Mentors", course_title="Peer mentor training", cohort=cohort.name,
            starts_on=cohort.starts_on, ends_on=clock.today(), hours_attended_minutes=2760, course_minutes=2880,
            units=units, issued_on=clock.today(), signed_by="Jo Brown, coordinator",
        )  # fmt: skip
        made.append(
            Certificate(
                volunteer_id=each.volunteer_id, enrolment_id=each.id, number=facts.number,
                check_code=f"check-code-{n:011d}", facts=facts.facts(), issued_on=clock.today(), issued_at=clock.now(),
                issued_by_id=by.id,
            )
        )  # fmt: skip
    session.add_all(made)
    session.flush()
    return [each.id for each in made]
