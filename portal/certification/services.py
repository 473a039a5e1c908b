"""The verbs of certification: certify, reissue, withdraw, choose what CV evidence shows; and what is printed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from courses import sign_off
from courses.attendance import SessionFact, figures
from courses.sign_off import TrainingRecord
from portal import clock
from portal.accounts.models import User
from portal.assessment.queries import states_of, statuses_of
from portal.attendance.queries import facts_of
from portal.audit.rules import Actor
from portal.certification import documents, gates, messages, queries, rules
from portal.certification.documents import CvEvidence, Skill
from portal.certification.models import Certificate, CertificateState, CvChoice
from portal.certification.rules import Part
from portal.cohorts.models import Enrolment, EnrolmentState
from portal.courses.queries import course_of
from portal.database import session
from portal.documents import fonts, words
from portal.interviews.queries import latest_strengths
from portal.messages.documents import post_room
from portal.messages.services import queue
from portal.refusals import Refused
from portal.volunteers.journey import Move, Stage
from portal.volunteers.models import Volunteer
from portal.volunteers.rules import MoveRefused, reasons_not_ready

DEFAULT_PARTS = tuple(part.value for part in Part if part not in {Part.CONTACT, Part.OWN_WORDS})


class ChangedMeanwhile(Refused):
    """Somebody else saved the same choice since the page was drawn."""


def certify(enrolment: Enrolment, *, by: User) -> Certificate:
    """Issue a learner's certificate, when everything it says is so. All gates are read again at this moment.

    Raises `MoveRefused` naming each gate that is not met and who holds it, or `Refused`; then nothing is written.
    """
    session.execute(select(Enrolment.id).where(Enrolment.id == enrolment.id).with_for_update())
    volunteer = enrolment.volunteer
    if not Move.CERTIFY.leaves(volunteer.stage):
        raise MoveRefused(f"You cannot {Move.CERTIFY.step.verb} a volunteer who is {volunteer.stage.words.to_staff}")
    if enrolment.state not in {EnrolmentState.ENROLLED, EnrolmentState.PAUSED}:
        raise Refused(f"{volunteer.name} is no longer on this course")
    if by.id == volunteer.user_id:
        raise Refused("Nobody issues a certificate to themselves")
    session.flush()
    facts = facts_of([enrolment.id])[enrolment.id]
    _refuse_unless_earned(enrolment, facts)
    _refuse_unless_printable(volunteer)
    certificate = _issue(enrolment, _training_facts(enrolment, facts), by=by)
    enrolment.state, enrolment.ended_on = EnrolmentState.COMPLETED, clock.today()
    volunteer.make(Move.CERTIFY, by=by, because=f"Certificate {certificate.number}")
    queue(messages.certificate_issued(certificate, volunteer))
    session.flush()
    return certificate


def reissue(certificate: Certificate, *, because: str, by: User) -> Certificate:
    """Replace a certificate by one with the name as it is now. What was learned stays as it was frozen."""
    volunteer = certificate.volunteer
    is_last = certificate.state is CertificateState.WITHDRAWN and not queries.has_valid(certificate.enrolment_id)
    is_valid = certificate.state is CertificateState.VALID
    Refused.unless_empty(rules.reasons_not_to_end(is_valid=is_valid or is_last, because=because))
    _refuse_unless_printable(volunteer)
    training = {name: certificate.facts[name] for name in TRAINING}
    if is_valid:
        _end(certificate, CertificateState.REPLACED, because)
    made = _issue(certificate.enrolment, training, by=by, replaces=certificate, because=because)
    queue(messages.certificate_replaced(made, volunteer))
    session.flush()
    return made


def withdraw(certificate: Certificate, *, because: str, by: Actor) -> None:
    """Say that a certificate no longer holds. Whoever checks it sees so at once."""
    is_valid = certificate.state is CertificateState.VALID
    Refused.unless_empty(rules.reasons_not_to_end(is_valid=is_valid, because=because))
    _end(certificate, CertificateState.WITHDRAWN, because)
    queue(messages.certificate_withdrawn(certificate, certificate.volunteer))
    session.flush()


def printed(certificate: Certificate) -> documents.Certificate:
    """The document of a certificate: its frozen facts, and what became of it since."""
    document = documents.Certificate.of(certificate.facts)
    if certificate.ended_at is None:
        return document
    return replace(document, state=f"{certificate.state.words} on {words.day(clock.in_london(certificate.ended_at))}")


def save_cv_choice(
    volunteer: Volunteer, *, shown: Collection[str], own_words: str, by: Actor, seen_version: int | None = None
) -> CvChoice:
    """Keep which parts a mentor shows. Anything that is no part of CV evidence is refused by its absence."""
    Refused.unless_empty(rules.reasons_not_to_show(shown, own_words))
    choice = queries.cv_choice(volunteer)
    if seen_version is not None and seen_version != (choice.version if choice else 0):
        raise ChangedMeanwhile("You changed this on another page or device. Look at what is saved now, then save again")
    choice = choice or CvChoice(volunteer_id=volunteer.id)
    choice.shown = [part.value for part in Part if part.value in set(shown)]
    choice.own_words, choice.saved_at = own_words.strip(), clock.now()
    session.add(choice)
    session.flush()
    return choice


def _strengths(volunteer: Volunteer) -> str | None:
    """What was written down at the talk about what they are good at: only with their own yes to these words."""
    interview = latest_strengths(volunteer)
    return interview.strengths if interview is not None and interview.may_use_strengths else None


def cv_evidence(volunteer: Volunteer) -> CvEvidence:
    """What this mentor chose to show, as it is today. What was not chosen is not even read into it."""
    choice = queries.cv_choice(volunteer)
    shown = {Part(each) for each in (choice.shown if choice else DEFAULT_PARTS)}
    evidence = CvEvidence(
        mentor=volunteer.name, romanised=volunteer.romanised or None, scheme=volunteer.scheme.name,
        prepared_on=clock.today(),
        contact=" · ".join(filter(None, (volunteer.email, volunteer.phone))) or None if Part.CONTACT in shown else None,
        own_words=(choice.own_words or None) if choice and Part.OWN_WORDS in shown else None,
        strengths=_strengths(volunteer) if Part.STRENGTHS in shown else None,
    )  # fmt: skip
    enrolment = queries.latest_learning(volunteer)
    if enrolment is None:
        return evidence
    evidence = _with_training(evidence, enrolment, shown)
    if Part.ROLES in shown:
        evidence = _with_roles(evidence, volunteer, enrolment)
    if Part.CERTIFICATE in shown and (valid := queries.valid_certificates([enrolment.id]).get(enrolment.id)):
        evidence = replace(evidence, certificate_number=valid.number, check_url=valid.facts["check_url"])
    return evidence


TRAINING = (
    "scheme", "course_title", "cohort", "starts_on", "ends_on", "hours_attended_minutes", "course_minutes", "units",
)  # fmt: skip


def _refuse_unless_earned(enrolment: Enrolment, facts: Sequence[SessionFact]) -> None:
    volunteer = enrolment.volunteer
    found = gates.gates_to_certify([volunteer])[volunteer.id]
    needed = gates.needed(volunteer)
    MoveRefused.unless_empty(reasons_not_ready(found, needed))
    passes = {gate.key: gate.passes or gate.key not in needed for gate in found}
    record = TrainingRecord(
        sessions=tuple(facts), criteria=statuses_of([enrolment.id])[enrolment.id], is_iqa_released=passes["iqa"],
        is_dbs_decision_ok=passes["dbs"], are_references_ok=passes["references"],
        is_agreement_acknowledged=passes["agreement"],
    )  # fmt: skip
    MoveRefused.unless_empty(sign_off.reasons_not_to_certify(record, course_of(enrolment.cohort.course_version)))


def _refuse_unless_printable(volunteer: Volunteer) -> None:
    can_show = fonts.can_show(volunteer.name)
    Refused.unless_empty(rules.reasons_not_to_print(can_show=can_show, romanised=volunteer.romanised))


def _days_of_training(enrolment: Enrolment, facts: Sequence[SessionFact]) -> tuple[date, date]:
    """The first and the last day they came: certificate and CV evidence say the same."""
    days = [fact.on for fact in facts if fact.on and fact.is_marked] or [enrolment.joined_on]
    return min(days), max(days)


def _training_facts(enrolment: Enrolment, facts: Sequence[SessionFact]) -> dict[str, object]:
    """What was learned, as JSON keeps it: a certificate is never reckoned again from registers."""
    course = course_of(enrolment.cohort.course_version)
    first, last = _days_of_training(enrolment, facts)
    return {
        "scheme": enrolment.volunteer.scheme.name, "course_title": course.title, "cohort": enrolment.cohort.name,
        "starts_on": first.isoformat(), "ends_on": last.isoformat(),
        "hours_attended_minutes": figures(facts, course.thresholds).guided_minutes,
        "course_minutes": sum(each.minutes for each in course.sessions),
        "units": [[unit.code, unit.title] for unit in course.units],
    }  # fmt: skip


def _issue(
    enrolment: Enrolment, training: dict[str, object], *, by: User, replaces: Certificate | None = None,
    because: str = "",
) -> Certificate:  # fmt: skip
    volunteer, day, code = enrolment.volunteer, clock.today(), rules.new_check_code()
    number = _new_number(day)
    facts = {
        **training, "number": number, "check_url": post_room.link(f"/c/{code}"), "mentor": volunteer.name,
        "romanised": volunteer.romanised or None, "issued_on": day.isoformat(), "signed_by": by.name, "state": "",
    }  # fmt: skip
    certificate = Certificate(
        volunteer=volunteer, enrolment=enrolment, number=number, check_code=code, issued_on=day,
        issued_at=clock.now(), issued_by_id=by.id, replaces_id=replaces.id if replaces else None,
        facts=documents.Certificate.of(facts).facts(),
    )  # fmt: skip
    session.add(certificate)
    session.flush()
    return certificate


def _end(certificate: Certificate, state: CertificateState, because: str) -> None:
    certificate.state, certificate.ended_at, certificate.ended_because = state, clock.now(), because.strip()[:500]


def _new_number(day: date) -> str:
    while True:
        number = rules.new_number(day.year)
        if not queries.is_number_taken(number):
            return number


def _with_training(evidence: CvEvidence, enrolment: Enrolment, shown: Collection[Part]) -> CvEvidence:
    course = course_of(enrolment.cohort.course_version)
    if {Part.HOURS, Part.ATTENDANCE} & set(shown):
        reckoned = figures(facts_of([enrolment.id])[enrolment.id], course.thresholds)
        if Part.HOURS in shown:
            evidence = replace(evidence, hours_minutes=reckoned.guided_minutes)
        if Part.ATTENDANCE in shown:
            evidence = replace(
                evidence, attendance_percent=reckoned.percent_so_far, sessions_attended=reckoned.attended
            )
    if Part.UNITS in shown:
        evidence = replace(evidence, units=tuple((unit.code, unit.title) for unit in course.units))
    if Part.SKILLS in shown:
        met = [key for key, state in states_of([enrolment.id])[enrolment.id].items() if state == "met"]
        evidence = replace(evidence, skills=tuple(Skill(*each) for each in rules.skills(course, met)))
    return evidence


def _with_roles(evidence: CvEvidence, volunteer: Volunteer, enrolment: Enrolment) -> CvEvidence:
    stretches = queries.active_stretches(volunteer)
    first, last = _days_of_training(enrolment, facts_of([enrolment.id])[enrolment.id])
    ended = last if enrolment.state is EnrolmentState.COMPLETED else None
    dates = [("Peer mentor training", first, ended)]
    dates += [("Peer mentor, volunteer", each.since, each.until) for each in stretches]
    is_active = volunteer.stage in {Stage.ACTIVE, Stage.RESTING}
    title = "Peer mentor" if is_active or stretches else "Peer mentor in training"
    if volunteer.stage is Stage.CERTIFIED and not stretches:
        title = "Trained peer mentor"
    return replace(evidence, roles=(f"{title}, {enrolment.cohort.area.name}",), dates=tuple(dates))
