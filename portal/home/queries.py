"""What waits for whom, the oldest first; and all that a volunteer's own page says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from portal import clock
from portal.access import Can, within
from portal.accounts.models import User
from portal.apologies.queries import texts_to_read
from portal.assessment.models import CriterionDecision, CriterionState, IqaSample
from portal.attendance.queries import at_risk
from portal.catchups.queries import Booked, catch_ups_today
from portal.certification.gates import needed
from portal.chasers.queries import SessionRow, sessions_today, unmarked_registers
from portal.cohorts.models import Cohort, Enrolment
from portal.cohorts.queries import may_see
from portal.database import session
from portal.home.rules import Facts, next_step
from portal.interviews.messages import talk_path
from portal.interviews.models import Interview
from portal.interviews.queries import latest_strengths, link_that_works, open_interview
from portal.learning.queries import own_course
from portal.messages.models import Message, MessageState
from portal.outbox.services import HELD
from portal.pool.queries import readiness
from portal.pool.rules import standing
from portal.recommendations.queries import outcome_of, own_recommendations
from portal.references.rules import EVER_ASKED
from portal.reminders.queries import addresses_wanted, name_wanted
from portal.schemes.models import Scheme
from portal.schemes.rules import reply_by as promised
from portal.support.queries import plans_to_review
from portal.volunteers.journey import Stage
from portal.volunteers.models import Volunteer
from portal.volunteers.rules import Gate
from portal.waiting.queries import RECRUITING, next_gate, people, with_gates
from portal.waiting.rules import MOST, Block, Line

LATE_FOR_A_TALK = timedelta(hours=1)  # somebody who is late should still read where to go
CARRY_ON = "/application/return"
SPOKEN_FOR = (Stage.APPLIED, Stage.INTERVIEWING, Stage.OFFERED, Stage.READY)
"""Who reads how their practitioner's recommendation stands; later it is long past."""


def blocks(seen_by: User) -> list[Block]:
    """Everything that waits for this person, by what they may do, in the journey's order. One or two queries each."""
    return [make(seen_by) for can, make in BLOCKS if seen_by.may(can)]


def _to_certify(seen_by: User) -> Block:
    lines = []
    for each, gates in with_gates(seen_by, Can.CERTIFY, Stage.TRAINING):
        if standing(gates, needed(each)).is_ready:
            ids = {"volunteer_id": each.id}
            lines.append(Line(each.name, "certification.list_certificates", ids, since=each.stage_since))
    return Block("Ready to certify", lines[:MOST], len(lines), "Nobody is ready for a certificate yet.")


def _ready_to_train(seen_by: User) -> Block:
    return people(
        seen_by, Can.MANAGE_COHORTS, "Ready for a course", "volunteers.show_volunteer", "Nobody waits for a course.",
        Volunteer.stage == Stage.READY, more="cohorts.list_cohorts",
    )  # fmt: skip


def _support_plans(seen_by: User) -> Block:
    rows = plans_to_review(seen_by=seen_by)
    lines = [
        Line(
            row.name, "support.edit_plan", {"volunteer_id": row.volunteer_id},
            "Asks for a change" if row.change_asked_at else "", row.change_asked_at or row.review_on,
        )
        for row in rows[:MOST]
    ]  # fmt: skip
    return Block("Support plans to look at", lines, len(rows), "No support plan waits for you.", "support.list_plans")


def _registers(seen_by: User) -> Block:
    rows = unmarked_registers(seen_by=seen_by)
    lines = [_session_line(row) for row in rows[:MOST]]
    return Block("Registers to finish", lines, len(rows), "Every register is marked.")


def _at_risk(seen_by: User) -> Block:
    """Who of the groups they teach can no longer pass, or only by catching up; those furthest gone first."""
    found = at_risk(taught_by=seen_by)
    lines = [
        Line(each.name, "attendance.show_training", {"volunteer_id": each.volunteer_id}, each.flag)
        for each in found[:MOST]
    ]
    return Block("At risk of not passing", lines, len(found), "Everybody you teach can still pass.")


def _texts(seen_by: User) -> Block:
    rows = texts_to_read(seen_by=seen_by)
    lines = [
        Line(each.enrolment.volunteer.name, "apologies.answer_text", {"text_id": each.id}, since=each.received_at)
        for each in rows[:MOST]
    ]
    return Block("Texts to read", lines, len(rows), "", "apologies.list_texts")


def _session_line(row: SessionRow) -> Line:
    return Line(
        f"{row.cohort}, session {row.number}: {row.title}", "registers.mark_register", {"session_id": row.id},
        f"{row.marked} of {row.people} marked", row.starts_at,
    )  # fmt: skip


def _to_assess(seen_by: User) -> Block:
    rows = session.execute(
        select(
            Enrolment.id, Volunteer.name, func.count().label("criteria"), func.count().over().label("every"),
            func.min(CriterionDecision.id).label("first"),
        )
        .join(Enrolment, Enrolment.id == CriterionDecision.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Volunteer, Volunteer.id == Enrolment.volunteer_id)
        .where(CriterionDecision.state == CriterionState.SUBMITTED, may_see(seen_by, Can.ASSESS))
        .group_by(Enrolment.id, Volunteer.name)
        .order_by("first")
        .limit(MOST)
    ).all()  # fmt: skip
    lines = [
        Line(row.name, "assessment.show_learner", {"enrolment_id": row.id}, f"{row.criteria} to decide") for row in rows
    ]
    every = rows[0].every if rows else 0
    return Block("Evidence to decide", lines, every, "No evidence waits for you.", "assessment.list_learners")


def _to_sample(seen_by: User) -> Block:
    rows = session.execute(
        select(IqaSample.id, IqaSample.unit, IqaSample.planned_at, Volunteer.name, func.count().over().label("every"))
        .join(Enrolment, Enrolment.id == IqaSample.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Volunteer, Volunteer.id == Enrolment.volunteer_id)
        .where(IqaSample.decision.is_(None), may_see(seen_by, Can.ASSURE))
        .order_by(IqaSample.planned_at, IqaSample.id)
        .limit(MOST)
    ).all()
    lines = [
        Line(row.name, "assessment.decide_sample", {"sample_id": row.id}, f"Unit {row.unit}", row.planned_at)
        for row in rows
    ]
    every = rows[0].every if rows else 0
    return Block("Samples to look at", lines, every, "No sample waits for you.", "assessment.list_learners")


def _to_approve(seen_by: User) -> Block:
    rows = with_gates(seen_by, Can.APPROVE, Stage.CERTIFIED)
    lines = [
        Line(
            each.name, "pool.approve", {"volunteer_id": each.id},
            next_gate(gates, each.scheme.settings.gates_to_approve, "Ready"), each.stage_since,
        )
        for each, gates in rows
    ]  # fmt: skip
    lines.sort(key=lambda line: line.note != "Ready")
    return Block(
        "Waiting for approval", lines[:MOST], len(rows), "Nobody waits for approval.", "pool.show_readiness_board"
    )


def _dead_letters(seen_by: User) -> Block:
    dead = session.scalar(
        select(func.count())
        .select_from(Message)
        .where(
            Message.state == MessageState.DEAD,
            Message.last_error != HELD,
            within(seen_by, Can.SEE_OUTBOX, Message.scheme_id),
        )
    )
    lines = [Line("Letters that could not be sent", "outbox.list_messages", note=f"{dead} in all")] if dead else []
    return Block("Letters", lines, dead or 0, "Every letter was sent, or is on its way.", "outbox.list_messages")


def _scheme(_seen_by: User) -> Block:
    lines = [
        Line("Settings, texts and areas", "schemes.show_scheme"),
        Line("Staff and their roles", "accounts.list_staff"),
    ]
    return Block("Your scheme", lines, 0, "")


def _figures(_seen_by: User) -> Block:
    return Block("Figures", [Line("See the figures of the scheme", "reports.show_figures")], 0, "")


BLOCKS: tuple[tuple[Can, Callable[[User], Block]], ...] = (
    *RECRUITING,
    (Can.MANAGE_COHORTS, _ready_to_train),
    (Can.PLAN_SUPPORT, _support_plans),
    (Can.MARK_REGISTER, _texts),
    (Can.MARK_REGISTER, _registers),
    (Can.MARK_REGISTER, _at_risk),
    (Can.ASSESS, _to_assess),
    (Can.ASSURE, _to_sample),
    (Can.CERTIFY, _to_certify),
    (Can.APPROVE, _to_approve),
    (Can.SEE_OUTBOX, _dead_letters),
    (Can.MANAGE_SCHEME, _scheme),
    (Can.SEE_REPORTS, _figures),
)


def today(seen_by: User) -> list[SessionRow]:
    """Today's sessions whose registers they may mark."""
    return sessions_today(seen_by=seen_by) if seen_by.may(Can.MARK_REGISTER) else []


def catch_ups(seen_by: User) -> list[Booked]:
    """Today's catch-ups of the groups whose registers they may mark."""
    return catch_ups_today(seen_by=seen_by) if seen_by.may(Can.MARK_REGISTER) else []


@dataclass(frozen=True)
class OwnJourney:
    """All that a volunteer's own page is drawn from."""

    volunteer: Volunteer
    gates: list[Gate]
    facts: Facts
    practitioners: list[tuple[str, str]]
    """Who was asked for a recommendation, each with how it came out, in words for the applicant."""


def own_journey(volunteer: Volunteer, *, seen_by: User) -> OwnJourney:
    """The volunteer's gates, and the few facts their next step may mention."""
    named = own_recommendations(volunteer) if volunteer.stage in SPOKEN_FOR else []
    practitioners = [(each.name, each.to_applicant) for each in named]
    return OwnJourney(volunteer, readiness([volunteer], seen_by)[volunteer.id], _facts(volunteer), practitioners)


@dataclass(frozen=True)
class Where:
    """All that the page by link says: nothing that somebody else at home should not read."""

    sentence: str
    words: str
    reply_by: date | None
    recommendation: str = ""
    to_do: tuple[tuple[str, str], ...] = ()
    """What they can do by other links that they were sent: the words of each button, and its path."""


def where(volunteer: Volunteer) -> Where:
    """Where somebody is, for the page that a link opens: no name, no check, no reason."""
    found, to_do = _where(volunteer), tuple(_to_do(volunteer))
    if not to_do or (volunteer.stage is Stage.INTERVIEWING and open_interview(volunteer) is not None):
        return replace(found, to_do=to_do)
    return replace(found, words=f"{to_do[0][0]}.", to_do=to_do)  # never "nothing to do" above a button


def _to_do(volunteer: Volunteer) -> Iterator[tuple[str, str]]:
    if volunteer.stage is Stage.APPLYING:
        yield "Carry on with your application", CARRY_ON
    if token := link_that_works(volunteer):
        planned = open_interview(volunteer) is not None
        yield "See or change the time of your talk" if planned else "Choose a time to talk with us", talk_path(token)
    yield from referees_to_do(volunteer)


def referees_to_do(volunteer: Volunteer) -> Iterator[tuple[str, str]]:
    """What only they can tell us of the people who speak for them: the words of each button, and its path."""
    if path := name_wanted(volunteer):
        yield "Name somebody else who can speak for you", path
    for path in addresses_wanted(volunteer):
        yield "Give us another address for somebody you named", path


def _where(volunteer: Volunteer) -> Where:
    facts, stage = _facts(volunteer), volunteer.stage
    if stage is Stage.OFFERED:
        words = "Sign in to see what is done and what is left, or ring us."
        return Where(stage.words.to_applicant, words, None, outcome_of(volunteer))
    if stage is Stage.DECLINED:
        return Where("We have answered your application.", "Read our message, or ring us to talk it over.", None)
    if stage in {Stage.APPLYING, Stage.WITHDRAWN, Stage.READY, Stage.ACTIVE, Stage.RESTING, Stage.LEFT}:
        return Where(stage.words.to_applicant, stage.words.next_step, None)
    step = next_step(stage, [], to_train=(), to_approve=("",), facts=facts)
    words = stage.words.next_step if stage is Stage.CERTIFIED else step.words
    recommendation = outcome_of(volunteer) if stage in SPOKEN_FOR else ""
    return Where(step.sentence, words, facts.reply_by, recommendation)


def _facts(volunteer: Volunteer) -> Facts:
    interview, next_session, was_interviewed = "", "", False
    if volunteer.stage is Stage.INTERVIEWING:
        planned = session.scalar(
            select(Interview)
            .where(Interview.volunteer_id == volunteer.id, Interview.cancelled_at.is_(None))
            .order_by(Interview.planned_at.desc())
            .limit(1)
        )
        was_interviewed = planned is not None and (
            planned.held_at is not None or planned.planned_at < clock.now() - LATE_FOR_A_TALK
        )
        if planned and not was_interviewed:
            interview = f"{_when(planned.planned_at)}, {planned.setting.words.lower()}"
    if volunteer.stage is Stage.TRAINING:
        course = own_course(volunteer)
        if course and course.next_session:
            place = f", {course.next_session.place}" if course.next_session.place else ""
            next_session = f"{_when(course.next_session.starts_at)}{place}"
    days = volunteer.scheme.settings.reply_within_days
    by = promised(clock.in_london(volunteer.stage_since).date(), days)
    is_late = volunteer.stage is Stage.APPLIED and by < clock.today()
    reply_by = by if volunteer.stage is Stage.APPLIED and not is_late else None
    return Facts(days, interview, next_session, was_interviewed, reply_by, is_late)


def _when(instant: Any) -> str:
    at = clock.in_london(instant)
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{at:%A} {at.day} {at:%B} at {at.hour % 12 or 12}{minutes}{'am' if at.hour < 12 else 'pm'}"


def open_schemes() -> Sequence[Scheme]:
    """The schemes, by name, for the front page."""
    return session.scalars(select(Scheme).order_by(Scheme.name, Scheme.id).limit(40)).all()


def own_links(volunteer: Volunteer) -> list[tuple[str, str]]:
    """The volunteer's own pages that make sense where they are: words and endpoint."""
    stage = volunteer.stage
    links = [("Your details, and how we may reach you", "volunteers.edit_my_details")]
    if stage in {Stage.APPLYING, Stage.APPLIED, Stage.INTERVIEWING}:
        links.append(("Your application", "applications.show_my_application"))
    if stage in {*EVER_ASKED, Stage.ACTIVE, Stage.RESTING, Stage.DECLINED}:
        links.append(("People who speak for you", "reminders.show_my_referees"))
    if stage in {Stage.OFFERED, Stage.READY, Stage.TRAINING, Stage.CERTIFIED, Stage.ACTIVE, Stage.RESTING}:
        links.append(("The volunteer agreement", "agreements.acknowledge_agreement"))
    if stage in {Stage.OFFERED, Stage.READY, Stage.TRAINING, Stage.CERTIFIED}:
        links.append(("What you tell us in confidence", "disclosure.answer_disclosure"))
    if stage in {Stage.READY, Stage.TRAINING}:
        links.append(("What helps you to learn", "support.show_my_plan"))
    if stage is Stage.TRAINING:
        links.append(("Check in to a session", "checkin.type_code"))
    if stage in {Stage.TRAINING, Stage.CERTIFIED, Stage.ACTIVE, Stage.RESTING, Stage.LEFT}:
        links.append(("Your course", "learning.show_my_course"))
        links.append(("Your handouts and booklet", "packs.show_own_booklet"))
        links.append(("Your course work", "assessment.show_my_learning"))
    if stage in {Stage.CERTIFIED, Stage.ACTIVE, Stage.RESTING, Stage.LEFT}:
        links.append(("Your certificate", "certification.show_my_certificate"))
        links.append(("Evidence for your CV", "certification.choose_cv_evidence"))
    if latest_strengths(volunteer) is not None:
        links.append(("What others saw in you", "scorecards.say_about_strengths"))
    return links
