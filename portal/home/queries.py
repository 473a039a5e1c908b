"""What waits for whom, the oldest first; and all that a volunteer's own page says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.access import Can, within
from portal.accounts.models import User
from portal.agreements.queries import not_yet
from portal.apologies.queries import texts_to_read
from portal.assessment.models import CriterionDecision, CriterionState, IqaSample
from portal.assisted.queries import helped_applications
from portal.attendance.queries import at_risk
from portal.catchups.queries import Booked, catch_ups_today
from portal.certification.gates import needed
from portal.chasers.queries import SessionRow, sessions_today, unmarked_registers
from portal.checks.models import DbsCheck, Suitability
from portal.cohorts.models import Cohort, Enrolment
from portal.cohorts.queries import may_see
from portal.correspondence.queries import among, silent, to_tell
from portal.database import session
from portal.disclosure.models import Disclosure
from portal.duplicates.queries import lately_perhaps_the_same
from portal.enquiries.queries import waiting as enquiries_waiting
from portal.home.rules import MOST, Block, Facts, Line, next_step
from portal.interviews.messages import talk_path
from portal.interviews.models import Interview
from portal.interviews.queries import link_that_works, open_interview
from portal.learning.queries import own_course
from portal.messages.models import Message, MessageState
from portal.messages.queries import how_many_to_pass_on
from portal.paper.queries import forms_to_type
from portal.pool.queries import readiness
from portal.pool.rules import standing
from portal.recommendations.models import RecommendationState
from portal.recommendations.queries import outcome_of, own_recommendations, to_look_at, why_a_person
from portal.references.models import WAITING, Reference, ReferenceState
from portal.references.rules import EVER_ASKED
from portal.reminders.queries import addresses_wanted
from portal.schemes.models import Scheme
from portal.scorecards.queries import to_score
from portal.support.queries import plans_to_review
from portal.volunteers.journey import Stage
from portal.volunteers.models import Volunteer
from portal.volunteers.queries import shown_name
from portal.volunteers.rules import Gate

NOW_WITH_GATES = 200
LATE_FOR_A_TALK = timedelta(hours=1)  # somebody who is late should still read where to go
DECIDES = Can.DECIDE_APPLICATIONS
SOON = timedelta(days=7)
SPOKEN_FOR = (Stage.APPLIED, Stage.INTERVIEWING, Stage.OFFERED, Stage.READY)
"""Who reads how their practitioner's recommendation stands; later it is long past."""


def blocks(seen_by: User) -> list[Block]:
    """Everything that waits for this person, by what they may do, in the journey's order. One or two queries each."""
    return [make(seen_by) for can, make in BLOCKS if seen_by.may(can)]


def _people(
    seen_by: User, can: Can, title: str, endpoint: str, empty: str, *conditions: Any, since: Any = None,
    join: tuple[Any, Any] | None = None, more: str = "",
) -> Block:  # fmt: skip
    """A block of volunteers: one query, which also counts those it does not show."""
    since = Volunteer.stage_since if since is None else since
    query = select(Volunteer.id, shown_name().label("name"), since.label("since"), func.count().over().label("every"))
    if join:
        query = query.join(*join)
    rows = session.execute(
        query.where(within(seen_by, can, Volunteer.scheme_id, Volunteer.area_id), *conditions)
        .order_by(since, Volunteer.id)
        .limit(MOST)
    ).all()
    lines = [Line(row.name, endpoint, {"volunteer_id": row.id}, since=row.since) for row in rows]
    return Block(title, lines, rows[0].every if rows else 0, empty, more)


def _enquiries(seen_by: User) -> Block:
    rows, every = enquiries_waiting(seen_by=seen_by, most=MOST)
    lines = [
        Line(
            each.name, "enquiries.show_enquiry", {"enquiry_id": each.id},
            "Late" if each.is_overdue else "Answer today" if each.reply_by == clock.today() else "", each.made_at,
        )
        for each in rows
    ]  # fmt: skip
    return Block(
        "People to answer", lines, every, "Everybody who said hello has an answer.", "enquiries.list_enquiries"
    )


def _applications(seen_by: User) -> Block:
    return _people(
        seen_by, DECIDES, "Applications to read", "applications.show_application", "Every application is read.",
        Volunteer.stage == Stage.APPLIED, more="applications.list_applications",
    )  # fmt: skip


def _unconfirmed(seen_by: User) -> Block:
    rows = helped_applications(seen_by=seen_by)
    lines = [
        Line(row.name, "assisted.show_helped", {"volunteer_id": row.volunteer_id}, row.waits_for, row.since)
        for row in rows[:MOST]
    ]
    return Block("Waiting for their yes", lines, len(rows), "", "assisted.list_helped")


def _interviews(seen_by: User) -> Block:
    return _people(
        seen_by, DECIDES, "Interviews to record", "interviews.show_interviews", "Every interview is recorded.",
        Volunteer.stage == Stage.INTERVIEWING, Interview.held_at.is_(None), Interview.cancelled_at.is_(None),
        Interview.planned_at <= clock.now(), since=Interview.planned_at,
        join=(Interview, Interview.volunteer_id == Volunteer.id),
    )  # fmt: skip


def _to_score(seen_by: User) -> Block:
    rows, every = to_score(seen_by, most=MOST)
    lines = [
        Line(each.volunteer.reference, "scorecards.score_interview", {"interview_id": each.id}, since=each.planned_at)
        for each in rows
    ]
    return Block("Interviews to score", lines, every, "You have scored every interview.", "scorecards.list_mine")


def _decisions(seen_by: User) -> Block:
    held = select(Interview.volunteer_id).where(Interview.held_at.is_not(None))
    to_come = select(Interview.volunteer_id).where(Interview.held_at.is_(None), Interview.cancelled_at.is_(None))
    return _people(
        seen_by, DECIDES, "Interviewed, to be decided", "interviews.show_interviews", "Nobody waits for a decision.",
        Volunteer.stage == Stage.INTERVIEWING, Volunteer.id.in_(held), Volunteer.id.not_in(to_come),
    )  # fmt: skip


def _references(seen_by: User) -> Block:
    return _people(
        seen_by, DECIDES, "References to check", "references.list_references", "Every reference is checked.",
        Reference.state == ReferenceState.RECEIVED, since=Reference.received_at,
        join=(Reference, Reference.volunteer_id == Volunteer.id), more="reminders.list_waiting",
    )  # fmt: skip


def _lost_referees(seen_by: User) -> Block:
    return _people(
        seen_by, DECIDES, "Referees whose address does not work", "references.list_references", "",
        Reference.bounced_at.is_not(None), Reference.state.in_(WAITING), Volunteer.stage.in_(EVER_ASKED),
        since=Reference.bounced_at, join=(Reference, Reference.volunteer_id == Volunteer.id),
        more="reminders.list_waiting",
    )  # fmt: skip


def _recommendations(seen_by: User) -> Block:
    """Those that do not go on by themselves; then those asked again on the day they named, or about to be."""
    lines, today = [], clock.today()
    for each in to_look_at(seen_by=seen_by):
        note, since = why_a_person(each), each.bounced_at or each.answered_at or each.asked_at
        if not note and each.state is RecommendationState.NOT_YET and each.look_again_on:
            is_soon = each.look_again_on <= today + SOON
            note, since = f"Asked again on {_day(each.look_again_on)}" if is_soon else "", each.answered_at
        elif not note and each.is_asked_again:
            note = "The day has come: asked again, not answered yet"
        if note:
            ids = {"volunteer_id": each.volunteer_id}
            lines.append(Line(each.volunteer.name, "recommendations.show_recommendations", ids, note, since))
    return Block(
        "Recommendations to look at", lines[:MOST], len(lines), "No recommendation waits for you.",
        "recommendations.list_recommendations",
    )  # fmt: skip


def _agreements(seen_by: User) -> Block:
    rows = not_yet(seen_by=seen_by)
    lines = []
    for volunteer, missing in rows[:MOST]:
        note = "; ".join(f"{each.agreement.kind.words}{' (asked again)' if each.has_older else ''}" for each in missing)
        since = min(each.agreement.published_at for each in missing)
        lines.append(Line(volunteer.name, "agreements.record_agreement", {"volunteer_id": volunteer.id}, note, since))
    return Block(
        "Agreements not yet acknowledged", lines, len(rows), "Everybody has read what is to be read.",
        "agreements.list_not_yet",
    )  # fmt: skip


def _with_gates(seen_by: User, can: Can, stage: Stage) -> list[tuple[Volunteer, list[Gate]]]:
    people = session.scalars(
        select(Volunteer)
        .where(within(seen_by, can, Volunteer.scheme_id, Volunteer.area_id), Volunteer.stage == stage)
        .options(joinedload(Volunteer.scheme))
        .order_by(Volunteer.stage_since, Volunteer.id)
        .limit(NOW_WITH_GATES)
    ).all()
    gates = readiness(people, seen_by)
    return [(each, gates[each.id]) for each in people]


def _next(gates: Sequence[Gate], required: tuple[str, ...], ready: str) -> str:
    stands = standing(gates, required)
    if stands.is_ready:
        return ready
    if stands.next_gate is None:
        return stands.reasons[0]
    return f"Next: {stands.next_gate.title}, {stands.next_gate.owner or 'the coordinator'}"


def _offered(seen_by: User) -> Block:
    rows = _with_gates(seen_by, DECIDES, Stage.OFFERED)
    lines = []
    for each, gates in rows:
        required = each.scheme.settings.to_train(each.route)
        endpoint = "conditions.confirm_place" if standing(gates, required).is_ready else "pool.show_readiness"
        note = _next(gates, required, "Everything is done: confirm the place")
        lines.append(Line(each.name, endpoint, {"volunteer_id": each.id}, note, each.stage_since))
    lines.sort(key=lambda line: line.endpoint != "conditions.confirm_place")
    return Block(
        "Offered, checks under way", lines[:MOST], len(rows), "Nobody waits for a check.", "pool.show_readiness_board"
    )


def _to_certify(seen_by: User) -> Block:
    lines = []
    for each, gates in _with_gates(seen_by, Can.CERTIFY, Stage.TRAINING):
        if standing(gates, needed(each)).is_ready:
            ids = {"volunteer_id": each.id}
            lines.append(Line(each.name, "certification.list_certificates", ids, since=each.stage_since))
    return Block("Ready to certify", lines[:MOST], len(lines), "Nobody is ready for a certificate yet.")


def _paper(seen_by: User) -> Block:
    rows, every = forms_to_type(seen_by=seen_by)
    lines = [
        Line(
            f"Form {row.id}, {row.area}", "paper.show_paper_form", {"paper_id": row.id},
            "Late" if row.is_late else "", row.received_on,
        )
        for row in rows[:MOST]
    ]  # fmt: skip
    return Block(
        "Forms on paper to type in", lines, every, "Every form on paper is typed in.", "paper.list_paper_forms"
    )


def _perhaps_the_same(seen_by: User) -> Block:
    found = lately_perhaps_the_same(seen_by=seen_by)
    lines = [
        Line(
            f"{each.one} and {each.other}", "duplicates.compare",
            {"volunteer_id": each.one_id, "other_id": each.other_id}, f"They share {each.shares}",
        )
        for each in found[:MOST]
    ]  # fmt: skip
    nobody = "Nobody who came lately seems to be listed twice."
    return Block("Perhaps the same person", lines, len(found), nobody, "duplicates.list_pairs")


def _ready_to_train(seen_by: User) -> Block:
    return _people(
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
    rows = _with_gates(seen_by, Can.APPROVE, Stage.CERTIFIED)
    lines = [
        Line(
            each.name, "pool.approve", {"volunteer_id": each.id},
            _next(gates, each.scheme.settings.gates_to_approve, "Ready"), each.stage_since,
        )
        for each, gates in rows
    ]  # fmt: skip
    lines.sort(key=lambda line: line.note != "Ready")
    return Block(
        "Waiting for approval", lines[:MOST], len(rows), "Nobody waits for approval.", "pool.show_readiness_board"
    )


def _dbs_to_apply(seen_by: User) -> Block:
    known = select(DbsCheck.volunteer_id).where(DbsCheck.closed_at.is_(None))
    return _people(
        seen_by, Can.RECORD_DBS, "DBS checks to apply for", "checks.show_checks", "Every check is applied for.",
        Volunteer.stage.in_([Stage.OFFERED, Stage.READY]), Volunteer.id.not_in(known), more="checks.list_checks",
    )  # fmt: skip


def _dbs_to_see(seen_by: User) -> Block:
    return _people(
        seen_by, Can.RECORD_DBS, "DBS certificates to see", "checks.show_checks", "No certificate is on its way.",
        DbsCheck.seen_on.is_(None), DbsCheck.closed_at.is_(None), since=DbsCheck.applied_on,
        join=(DbsCheck, DbsCheck.volunteer_id == Volunteer.id), more="checks.list_checks",
    )  # fmt: skip


def _dbs_to_decide(seen_by: User) -> Block:
    return _people(
        seen_by, Can.DECIDE_SUITABILITY, "DBS results to decide", "checks.show_checks", "Every result is decided.",
        DbsCheck.seen_on.is_not(None), DbsCheck.closed_at.is_(None),
        or_(DbsCheck.decided_at.is_(None), DbsCheck.decision == Suitability.DEFERRED),
        since=DbsCheck.seen_on, join=(DbsCheck, DbsCheck.volunteer_id == Volunteer.id),
    )  # fmt: skip


def _disclosures(seen_by: User) -> Block:
    return _people(
        seen_by, Can.READ_DISCLOSURES, "Disclosures to consider", "disclosure.show_disclosure",
        "No disclosure waits to be considered.", Disclosure.answered_at.is_not(None),
        Disclosure.considered_at.is_(None), since=Disclosure.answered_at,
        join=(Disclosure, Disclosure.volunteer_id == Volunteer.id),
    )  # fmt: skip


def _doubted(seen_by: User) -> Block:
    return _people(
        seen_by, Can.READ_DISCLOSURES, "References that need a closer look", "references.list_references",
        "No reference needs a closer look.", Reference.state == ReferenceState.CONCERN, since=Reference.received_at,
        join=(Reference, Reference.volunteer_id == Volunteer.id),
    )  # fmt: skip


def _dead_letters(seen_by: User) -> Block:
    dead = session.scalar(
        select(func.count())
        .select_from(Message)
        .where(Message.state == MessageState.DEAD, within(seen_by, Can.SEE_OUTBOX, Message.scheme_id))
    )
    lines = [Line("Letters that could not be sent", "messages.list_messages", note=f"{dead} in all")] if dead else []
    return Block("Letters", lines, dead or 0, "Every letter was sent, or is on its way.", "messages.list_messages")


def _scheme(_seen_by: User) -> Block:
    lines = [
        Line("Settings, texts and areas", "schemes.show_scheme"),
        Line("Staff and their roles", "accounts.list_staff"),
    ]
    return Block("Your scheme", lines, 0, "")


def _figures(_seen_by: User) -> Block:
    return Block("Figures", [Line("See the figures of the scheme", "reports.show_figures")], 0, "")


def _silent(seen_by: User) -> Block:
    rows = silent(seen_by=seen_by)
    lines = [
        Line(row.name, "correspondence.show_messages", {"volunteer_id": row.volunteer_id}, row.stage, row.last)
        for row in rows[:MOST]
    ]
    return Block("Nobody has been in touch", lines, len(rows), "", "correspondence.list_silent")


def _to_tell(seen_by: User) -> Block:
    rows, _page = to_tell(seen_by=seen_by)
    lines = [
        Line(
            row.volunteer.shown_name, "correspondence.tell_message", {"message_id": row.message.id}, row.subject,
            row.message.queued_at,
        )
        for row in rows[:MOST]
    ]  # fmt: skip
    count = how_many_to_pass_on(among=among(seen_by))
    return Block("To tell by phone or post", lines, count, "", "correspondence.list_to_tell")


BLOCKS: tuple[tuple[Can, Callable[[User], Block]], ...] = (
    (Can.DECIDE_APPLICATIONS, _enquiries),
    (Can.SEE_CORRESPONDENCE, _silent),
    (Can.SEE_CORRESPONDENCE, _to_tell),
    (Can.DECIDE_APPLICATIONS, _applications),
    (Can.DECIDE_APPLICATIONS, _unconfirmed),
    (Can.DECIDE_APPLICATIONS, _paper),
    (Can.DECIDE_APPLICATIONS, _perhaps_the_same),
    (Can.INTERVIEW, _to_score),
    (Can.DECIDE_APPLICATIONS, _interviews),
    (Can.DECIDE_APPLICATIONS, _decisions),
    (Can.DECIDE_APPLICATIONS, _references),
    (Can.DECIDE_APPLICATIONS, _lost_referees),
    (Can.SEE_REFERENCES, _recommendations),
    (Can.READ_DISCLOSURES, _disclosures),
    (Can.READ_DISCLOSURES, _doubted),
    (Can.DECIDE_SUITABILITY, _dbs_to_decide),
    (Can.RECORD_DBS, _dbs_to_apply),
    (Can.RECORD_DBS, _dbs_to_see),
    (Can.DECIDE_APPLICATIONS, _offered),
    (Can.DECIDE_APPLICATIONS, _agreements),
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
    if token := link_that_works(volunteer):
        planned = open_interview(volunteer) is not None
        yield "See or change the time of your talk" if planned else "Choose a time to talk with us", talk_path(token)
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
    by = clock.in_london(volunteer.stage_since).date() + timedelta(days=days)
    reply_by = by if volunteer.stage is Stage.APPLIED and by >= clock.today() else None
    return Facts(days, interview, next_session, was_interviewed, reply_by)


def _day(day: date) -> str:
    return f"{day.day} {day:%B}"


def _when(instant: Any) -> str:
    at = clock.in_london(instant)
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{at:%A} {at.day} {at:%B} at {at.hour % 12 or 12}{minutes}{'am' if at.hour < 12 else 'pm'}"


def open_schemes() -> Sequence[Scheme]:
    """The schemes, by name, for the front page."""
    return session.scalars(select(Scheme).order_by(Scheme.name, Scheme.id).limit(40)).all()


def own_links(stage: Stage) -> list[tuple[str, str]]:
    """The volunteer's own pages that make sense at this stage: words and endpoint."""
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
    return links
