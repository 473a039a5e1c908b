"""Four cohorts: one finished, one in its sixth week with a session today, one that enrols, one that was cancelled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial

from courses.loader import builtin
from courses.marks import AbsenceReason, Code
from courses.timetable import Slot
from portal import clock
from portal.access import Role
from portal.accounts.models import User
from portal.assessment import services as assessment
from portal.assessment.models import CriterionState, EvidenceType, IqaDecision
from portal.attendance import services as attendance
from portal.certification import services as certification
from portal.cohorts import services as cohorts
from portal.cohorts.models import Cohort, CohortSession, Enrolment
from portal.cohorts.rules import plan
from portal.courses import services as courses
from portal.demo.opening.services import Stage
from portal.demo.recruiting.services import CONFIRMED_AFTER, person, recruit
from portal.demo.rules import FINISHED_COHORT, Character, Part
from portal.registers import services as registers
from portal.registers.rules import NewMark
from portal.timetable import services as timetable

COURSE = builtin()
MINUTES = [each.minutes for each in COURSE.sessions]
FEEDBACK = (
    "Clear, in your own words, with an example from the role play.",
    "You listened first and asked before you advised. Well done.",
    "Good. Remember to say when you would pass it on.",
)
EVIDENCE = (EvidenceType.WRITTEN, EvidenceType.ORAL_QUESTION, EvidenceType.ROLE_PLAY, EvidenceType.REFLECTIVE_LOG)


@dataclass
class Run:
    """One cohort as the rehearsal runs it."""

    name: str
    area: str
    venue: str
    capacity: int
    starts_on: date
    slots: list[Slot]
    parts: tuple[Part, ...]
    people: list[Character]
    cohort: Cohort = field(init=False)
    enrolments: dict[int, Enrolment] = field(default_factory=dict)


def runs(today: date, now: datetime, people: list[Character]) -> dict[str, Run]:
    """The four cohorts; the one in week six has a session today that can be marked now."""

    def run(name: str, area: str, venue: str, capacity: int, starts_on: date, slots: list[Slot], *parts: Part) -> Run:
        on_it = [who for who in people if who.part in parts]
        return Run(name, area, venue, capacity, starts_on, slots, parts, on_it)

    evenings = [Slot(1, time(18), 120), Slot(3, time(18), 120)]
    mornings = [Slot(0, time(10), 120), Slot(2, time(10), 120)]
    hour = min(now.hour, 18)
    first, second = sorted((today.weekday(), (today.weekday() + 2) % 7))
    todays = [Slot(day, time(hour), 120) for day in (first, second)]
    return {
        "finished": run(
            "Spring course", "durham-city", "The Hub, Saddler Street", 46, today - timedelta(weeks=32), evenings,
            *FINISHED_COHORT,
        ),
        "learning": run(
            "Autumn course", "darlington", "Darlington Library", 24, _start_for(today, todays), todays, Part.LEARNING
        ),
        "enrolling": run(
            "Winter course", "bishop-auckland", "Community Hall, Market Place", 16, today + timedelta(days=16),
            mornings, Part.ENROLLING,
        ),
        "cancelled": run(
            "Summer course", "bishop-auckland", "Community Hall, Market Place", 12, today - timedelta(days=70),
            mornings, Part.CANCELLED,
        ),
    }  # fmt: skip


def _start_for(today: date, slots: list[Slot]) -> date:
    """The first day of a course that has a session today in its sixth week, bank holidays being skipped."""
    for weeks in (5, 6, 7, 4):
        start = today - timedelta(weeks=weeks, days=today.weekday())
        for sitting in plan(MINUTES, start, slots).sittings:
            if sitting.starts_at.date() == today and sitting.number in (11, 12):
                return start
    return today - timedelta(weeks=5, days=today.weekday())


def run_course(stage: Stage, run: Run) -> None:
    """Plan a cohort: its people apply in time, it is made, they are enrolled, it is taught."""
    carol = stage.staff[Role.COORDINATOR]
    for who in run.people:
        recruit(stage, who, run.starts_on - timedelta(days=CONFIRMED_AFTER + 18) - stage.soon(10))
    made_on = min(run.starts_on - timedelta(days=60), stage.today - timedelta(days=30))
    stage.at(made_on, 14, 0, lambda: make(stage, run), by=carol)
    enrol_on = min(run.starts_on - timedelta(days=9), stage.today - timedelta(days=3))
    for who in run.people:
        stage.at(enrol_on, 10, who.number % 60, partial(enrol, stage, run, who), by=carol)


def make(stage: Stage, run: Run) -> None:
    """The coordinator makes the cohort; its sessions are planned from the dates it got."""
    carol = stage.staff[Role.COORDINATOR]
    if "course" not in stage.things:
        stage.things["course"] = courses.freeze(COURSE, scheme=stage.scheme, by=carol)
    run.cohort = cohorts.make_cohort(
        area=stage.areas[run.area], course_version=stage.things["course"], name=run.name, venue=run.venue,
        capacity=run.capacity, starts_on=run.starts_on, slots=run.slots,
        trainers=[stage.staff[Role.TRAINER], stage.second_trainer], by=carol,
    )  # fmt: skip
    if Part.CANCELLED in run.parts:
        because = "The hall flooded and there is no other room with a lift."
        cancelled_on = run.starts_on - timedelta(days=4)
        stage.at(cancelled_on, 16, 0, lambda: cohorts.cancel(run.cohort, because=because, by=carol), by=carol)
        return
    stage.at(run.starts_on, 9, 0, lambda: cohorts.start(run.cohort, by=carol), by=carol)
    for sitting in run.cohort.sessions:
        teach(stage, run, sitting)
    if Part.ACTIVE in run.parts:
        award(stage, run)


def enrol(stage: Stage, run: Run, who: Character) -> None:
    """One more on the course."""
    run.enrolments[who.number] = cohorts.enrol(run.cohort, person(stage, who), by=stage.staff[Role.COORDINATOR])


def teach(stage: Stage, run: Run, sitting: CohortSession) -> None:
    """A session: its register before the end, and what was learned decided some days later."""
    trainer = (stage.staff[Role.TRAINER], stage.second_trainer)[sitting.number % 2]
    assess = partial(decide, stage, run, sitting)
    stage.at_instant(sitting.ends_at + timedelta(days=2), assess, by=stage.staff[Role.ASSESSOR])
    if sitting.number == 21 and Part.ACTIVE in run.parts:
        because = "Heavy snow: the buses stopped at noon."
        cancel = partial(timetable.cancel_session, sitting, because=because, by=trainer)
        stage.at_instant(sitting.starts_at - timedelta(hours=3), cancel, by=trainer)
        return
    if sitting.starts_at.date() >= stage.today:
        return  # left for the newcomer to mark
    register = partial(mark, stage, run, sitting, trainer)
    stage.at_instant(sitting.ends_at - timedelta(minutes=10), register, by=trainer)


def mark(stage: Stage, run: Run, sitting: CohortSession, trainer: User) -> None:
    """The register of one evening."""
    marks = [_mark(stage, who, run.enrolments[who.number].id, sitting) for who in run.people if on_course(run, who)]
    registers.save_register(sitting, marks, seen_version=sitting.register_version, by=trainer)
    for new in marks:
        if new.code in (Code.A, Code.E):
            enrolment = next(each for each in run.enrolments.values() if each.id == new.enrolment_id)
            make_up = partial(catch_up, sitting, enrolment, trainer)
            stage.at_instant(sitting.ends_at + timedelta(days=5), make_up, by=trainer)


def on_course(run: Run, who: Character) -> bool:
    """Whether somebody is still on the course."""
    return who.number in run.enrolments and run.enrolments[who.number].ended_on is None


def _mark(stage: Stage, who: Character, enrolment_id: int, sitting: CohortSession) -> NewMark:
    """What the register says of one person: mostly there; who does not finish stays away more and more."""
    new: Callable[..., NewMark] = partial(NewMark, enrolment_id)
    roll = stage.chance.random()
    if who.part is Part.NOT_FINISHED and sitting.number > 6 and roll < 0.5:
        return new(Code.U)
    for limit, made in (
        (0.03, new(Code.V)),
        (0.07, new(Code.L, minutes=stage.chance.choice((5, 10, 15)))),
        (0.09, new(Code.E, minutes=40, note="Bus home")),
        (0.12, new(Code.A, reason=stage.chance.choice(list(AbsenceReason)))),
    ):
        if roll < limit:
            return made
    if who.part is Part.LEARNING and roll > 0.985:
        return new(Code.U)
    return new(Code.P)


def catch_up(sitting: CohortSession, enrolment: Enrolment, trainer: User) -> None:
    """What was missed is made up for, one to one."""
    if enrolment.ended_on is not None:
        return
    attendance.record_catch_up(
        sitting, enrolment, done_on=clock.today(), minutes=60, tutor=trainer, by=trainer,
        evidence="Went through the handout together and did the exercise.",
    )  # fmt: skip


def decide(stage: Stage, run: Run, sitting: CohortSession) -> None:
    """The assessor decides the criteria that this session was the last to cover."""
    asif = stage.staff[Role.ASSESSOR]
    done = [c.key for c in COURSE.criteria if max(s.number for s in COURSE.sessions_covering(c.key)) == sitting.number]
    for who in run.people:
        if not on_course(run, who):
            continue
        for turn, key in enumerate(done):
            falls_short = who.part is Part.NOT_FINISHED and sitting.number > 8
            slow = who.part is Part.LEARNING and (who.number + turn) % 5 == 0
            state = CriterionState.NOT_YET_MET if falls_short or slow else CriterionState.MET
            assessment.decide(
                run.enrolments[who.number], key, state=state,
                evidence_type=EVIDENCE[(who.number + turn) % len(EVIDENCE)],
                evidence=f"Week {sitting.week} workbook and what was said in the session.",
                feedback="Say a little more about what you would do next, and we will look at it again."
                if state is CriterionState.NOT_YET_MET else FEEDBACK[(who.number + turn) % len(FEEDBACK)],
                by=asif,
            )  # fmt: skip


def award(stage: Stage, run: Run) -> None:
    """After the last session: two leave before the end, the IQA samples, certificates are issued."""
    carol, ines = stage.staff[Role.COORDINATOR], stage.staff[Role.IQA]
    last = max(each.ends_at for each in run.cohort.sessions)
    leavers = [who for who in run.people if who.part is Part.NOT_FINISHED][:2]
    for who in leavers:
        leave = partial(take_off, stage, run, who)
        stage.at_instant(last - timedelta(weeks=5), leave, by=carol)
    stage.at_instant(last + timedelta(days=1), lambda: cohorts.finish(run.cohort, by=carol), by=carol)
    stage.at_instant(last + timedelta(days=3), lambda: sample(stage, run), by=ines)
    for who in run.people:
        if who.part is not Part.NOT_FINISHED:
            stage.at_instant(last + timedelta(days=8, minutes=who.number), partial(certify, stage, run, who), by=carol)


def take_off(stage: Stage, run: Run, who: Character) -> None:
    """Somebody stops coming, and may join a later course."""
    because = "Started shift work; would like to join the next course."
    cohorts.withdraw(run.enrolments[who.number], because=because, by=stage.staff[Role.COORDINATOR])


def sample(stage: Stage, run: Run) -> None:
    """The IQA looks at one learner in four, a unit each, and agrees."""
    ines = stage.staff[Role.IQA]
    learners = [run.enrolments[who.number] for who in run.people if on_course(run, who)]
    units = [unit.code for unit in COURSE.units]
    for turn, enrolment in enumerate(learners):
        if turn % 4 == 0:
            chosen = assessment.plan_sample(enrolment, units[(turn // 4) % len(units)], by=ines)
            assessment.decide_sample(
                chosen, decision=IqaDecision.AGREE, is_valid=True, is_authentic=True, is_current=True,
                is_sufficient=True, feedback="Evidence supports every decision.", by=ines,
            )  # fmt: skip


def certify(stage: Stage, run: Run, who: Character) -> None:
    """A certificate; what happens to its holder then is the next act."""
    certification.certify(run.enrolments[who.number], by=stage.staff[Role.COORDINATOR])
