"""Pages of assessment: learners and their criteria, the quality check, and one's own learning."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from courses.syllabus import Criterion, Unit
from portal.access import Can, allows
from portal.assessment import queries, rules, services
from portal.assessment.forms import DecideForm, PlanForm, SampleForm, unit_form
from portal.assessment.models import CriterionDecision, CriterionState, IqaDecision
from portal.cohorts.models import Cohort, Enrolment
from portal.cohorts.queries import cohort as find_cohort
from portal.courses.queries import course_of
from portal.refusals import Refused
from portal.volunteers.queries import own_volunteer
from portal.web.pages import UNPROCESSABLE, page

bp = Blueprint("assessment", __name__)
CONFLICT = 409


@bp.route("/learners")
@allows(Can.SEE_ASSESSMENT)
def list_learners() -> ResponseReturnValue:
    """Learners by name, of all their groups or of one, with what is met and what is to decide."""
    groups = queries.cohorts_with_learners(seen_by=current_user)
    asked = request.args.get("cohort", "")
    chosen = next((each for each in groups if str(each.id) == asked), None)
    learners = queries.learners(
        seen_by=current_user, cohort_id=chosen.id if chosen else None, after=request.args.get("after")
    )
    may_assure = current_user.may(Can.ASSURE)
    return page("assessment/list_learners.html", learners=learners, groups=groups, chosen=chosen, may_assure=may_assure)


@bp.route("/learners/<int:enrolment_id>")
@allows(Can.SEE_ASSESSMENT)
def show_learner(enrolment_id: int) -> ResponseReturnValue:
    """One learner's criteria by unit and outcome, with evidence, decision and feedback."""
    learner = _learner(enrolment_id)
    may_assess = current_user.may(Can.ASSESS) and learner.state in queries.LEARNING
    may_assure = current_user.may(Can.ASSURE)
    return page("assessment/show_learner.html", may_assess=may_assess, may_assure=may_assure, **_grid(learner))


@bp.route("/learners/<int:enrolment_id>/units/<unit_code>", methods=["GET", "POST"])
@allows(Can.ASSESS)
def decide_unit(enrolment_id: int, unit_code: str) -> ResponseReturnValue:
    """Decide several criteria of one unit on one page."""
    learner = _learner(enrolment_id, Can.ASSESS)
    unit = _unit(learner, unit_code)
    decisions = queries.decisions(learner)
    form = unit_form(unit, decisions)
    facts: dict[str, Any] = {"learner": learner, "unit": unit, "was_agreed": _was_agreed(learner, unit.code)}
    if form.validate_on_submit():
        chosen = form.chosen()
        theirs = [
            (key, decisions[key], state)
            for key, state in chosen.items()
            if key in decisions and decisions[key].version != form.seen(key)
        ]
        if theirs:
            form.saw({key: each.version for key, each in decisions.items()})
            return page("assessment/decide_unit.html", form=form, status=CONFLICT, theirs=theirs, **facts)
        try:
            for key, state in chosen.items():
                services.decide(
                    learner, key, state=state, evidence_type=form.kind(), evidence=form.evidence.data,
                    feedback=form.feedback.data, because=form.because.data, by=current_user,
                    seen_version=form.seen(key),
                )  # fmt: skip
        except Refused as refused:
            form.form_errors.extend(refused.reasons)
            return page("assessment/decide_unit.html", form=form, status=UNPROCESSABLE, **facts)
        flash(f"{len(chosen)} criteria of {unit.title} decided for {learner.volunteer.name}", "success")
        return redirect(url_for(".show_learner", enrolment_id=learner.id))
    return page("assessment/decide_unit.html", form=form, **facts)


@bp.route("/learners/<int:enrolment_id>/criteria/<criterion>", methods=["GET", "POST"])
@allows(Can.ASSESS)
def decide_criterion(enrolment_id: int, criterion: str) -> ResponseReturnValue:
    """Decide one criterion, or decide it anew."""
    learner = _learner(enrolment_id, Can.ASSESS)
    unit = _unit(learner, queries.unit_of(criterion))
    asked: Criterion = next((each for each in unit.criteria if each.key == criterion), None) or abort(404)
    decision = queries.decision(learner, criterion)
    form = DecideForm(data=_shown(decision))
    facts: dict[str, Any] = {
        "learner": learner, "unit": unit, "criterion": asked, "decision": decision,
        "was_agreed": _was_agreed(learner, unit.code),
    }  # fmt: skip
    if form.validate_on_submit():
        try:
            services.decide(
                learner, criterion, state=CriterionState(form.state.data), evidence_type=form.kind(),
                evidence=form.evidence.data, feedback=form.feedback.data, because=form.because.data, by=current_user,
                seen_version=form.version.data,
            )  # fmt: skip
        except rules.DecidedMeanwhile as refused:
            form.saw(decision.version if decision else services.NO_DECISION)
            return page("assessment/decide_criterion.html", form=form, status=CONFLICT, refused=refused, **facts)
        except Refused as refused:
            form.form_errors.extend(refused.reasons)
            return page("assessment/decide_criterion.html", form=form, status=UNPROCESSABLE, **facts)
        flash(f"{criterion} decided for {learner.volunteer.name}", "success")
        return redirect(url_for(".show_learner", enrolment_id=learner.id))
    return page("assessment/decide_criterion.html", form=form, **facts)


@bp.route("/cohorts/<int:cohort_id>/quality", methods=["GET", "POST"])
@allows(Can.ASSURE)
def plan_samples(cohort_id: int) -> ResponseReturnValue:
    """The quality check of one group: what was sampled, what is suggested, and choosing more."""
    cohort: Cohort = find_cohort(cohort_id, seen_by=current_user, can=Can.ASSURE) or abort(404)
    rows = queries.unit_rows(cohort)
    form = PlanForm()
    open_rows = {f"{each.enrolment_id}-{each.unit}": each for each in rows if _may_plan(each)}
    form.chosen.choices = [(key, f"{each.name}, {each.unit}") for key, each in open_rows.items()]
    if open_rows and form.validate_on_submit():
        people = {each.id: each for each in cohort.enrolments}
        for key in form.chosen.data:
            row = open_rows[key]
            services.plan_sample(people[row.enrolment_id], row.unit, by=current_user)
        flash("The sample has been planned", "success")
        return redirect(url_for(".plan_samples", cohort_id=cohort.id))
    group = queries.groups([cohort.id])[cohort.id]
    hints = rules.suggested(
        [each.as_decided for each in rows if each.is_ready], percent=group.percent, iqa_id=current_user.id,
        sampled={(each.enrolment_id, each.unit) for each in rows if each.sample},
    )  # fmt: skip
    if not form.is_submitted():
        form.chosen.data = [f"{who}-{unit}" for who, unit in hints if f"{who}-{unit}" in open_rows]
    done = len({each.enrolment_id for each in group.samples if each.is_settled})
    return page(
        "assessment/plan_samples.html", cohort=cohort, form=form, sampled=[each for each in rows if each.sample],
        has_open=bool(open_rows), done=done, needed=rules.sample_size(group.learners, group.percent), group=group,
    )  # fmt: skip


@bp.route("/samples/<int:sample_id>", methods=["GET", "POST"])
@allows(Can.ASSURE)
def decide_sample(sample_id: int) -> ResponseReturnValue:
    """One sample: the assessor's decisions, and what the IQA finds."""
    sample = queries.sample(sample_id, seen_by=current_user) or abort(404)
    learner = sample.enrolment
    form = SampleForm(data={"version": sample.version})
    facts: dict[str, Any] = {
        "sample": sample, "learner": learner, "unit": _unit(learner, sample.unit),
        "decisions": queries.decisions(learner),
    }  # fmt: skip
    if form.validate_on_submit():
        try:
            services.decide_sample(
                sample, decision=IqaDecision(form.decision.data), is_valid=form.is_valid.data,
                is_authentic=form.is_authentic.data, is_current=form.is_current.data,
                is_sufficient=form.is_sufficient.data, feedback=form.feedback.data, by=current_user,
                seen_version=form.version.data,
            )  # fmt: skip
        except rules.DecidedMeanwhile as refused:
            return page("assessment/decide_sample.html", form=form, status=CONFLICT, refused=refused, **facts)
        except Refused as refused:
            form.form_errors.extend(refused.reasons)
            return page("assessment/decide_sample.html", form=form, status=UNPROCESSABLE, **facts)
        flash("The sample has been decided", "success")
        return redirect(url_for(".plan_samples", cohort_id=learner.cohort_id))
    return page("assessment/decide_sample.html", form=form, **facts)


@bp.route("/samples/<int:sample_id>/close-action", methods=["POST"])
@allows(Can.ASSURE)
def close_action(sample_id: int) -> ResponseReturnValue:
    """Say that what the IQA asked for has been done."""
    sample = queries.sample(sample_id, seen_by=current_user) or abort(404)
    services.close_action(sample, by=current_user)
    flash("The action has been closed", "success")
    return redirect(url_for(".plan_samples", cohort_id=sample.enrolment.cohort_id))


@bp.route("/my/learning")
@allows(Can.OWN_JOURNEY)
def show_my_learning() -> ResponseReturnValue:
    """One's own criteria, with the feedback for each."""
    volunteer = own_volunteer(current_user) or abort(404)
    learner = queries.own_learning(volunteer)
    grid = _grid(learner) if learner else {"learner": None}
    return page("assessment/show_my_learning.html", **grid)


def _learner(enrolment_id: int, can: Can = Can.SEE_ASSESSMENT) -> Enrolment:
    return queries.learner(enrolment_id, seen_by=current_user, can=can) or abort(404)


def _unit(learner: Enrolment, code: str) -> Unit:
    course = course_of(learner.cohort.course_version)
    return next((unit for unit in course.units if unit.code == code), None) or abort(404)


def _grid(learner: Enrolment) -> dict[str, Any]:
    course, decisions = course_of(learner.cohort.course_version), queries.decisions(learner)
    states = {key: each.state.value for key, each in decisions.items()}
    counts = {
        unit.code: rules.tally(states, [each.key for each in unit.criteria]) for unit in course.units
    }  # fmt: skip
    return {
        "learner": learner, "course": course, "decisions": decisions, "samples": queries.samples_of(learner),
        "count": rules.tally(states, [each.key for each in course.criteria]), "counts": counts,
    }  # fmt: skip


def _shown(decision: CriterionDecision | None) -> dict[str, Any]:
    if decision is None:
        return {"version": services.NO_DECISION}
    return {
        "state": decision.state.value, "evidence": decision.evidence, "feedback": decision.feedback,
        "evidence_type": decision.evidence_type.value if decision.evidence_type else "", "version": decision.version,
    }  # fmt: skip


def _was_agreed(learner: Enrolment, unit: str) -> bool:
    sample = queries.samples_of(learner).get(unit)
    return sample is not None and sample.decision is IqaDecision.AGREE


def _may_plan(row: queries.UnitRow) -> bool:
    return row.sample is None and row.is_ready and current_user.id not in row.assessors
