"""The register, catch-up, and the figures that come of them."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from courses.marks import AbsenceReason, Mark
from portal import clock
from portal.access import Can, allows
from portal.attendance import forms, queries, rules, services
from portal.attendance.forms import CancelSessionForm, CatchUpForm, RegisterForm
from portal.attendance.queries import Register
from portal.refusals import Refused
from portal.web.pages import UNPROCESSABLE, page

bp = Blueprint("attendance", __name__)
TAPS, MORE = ([(code.value, words) for code, words in choices] for choices in (rules.TAPS, rules.MORE))
REASONS = {reason.value: reason.label for reason in AbsenceReason}
LETTERS = {**{code.value: code.label for code in Mark}, "?": "Not marked yet", "": "To come"}


@bp.route("/sessions/<int:session_id>/register", methods=["GET", "POST"])
@allows(Can.MARK_REGISTER)
def mark_register(session_id: int) -> ResponseReturnValue:
    """The whole group on one page: tap, save. Nothing is marked before somebody marks it."""
    register = queries.register(session_id, seen_by=current_user) or abort(404)
    if request.method == "GET":
        return _register_page(register, forms.shown(register))
    form = forms.posted(register, request.form)
    if form.errors:
        return _register_page(register, form, status=UNPROCESSABLE)
    try:
        services.save_register(register, form.marks, seen_version=form.version, by=current_user, because=form.because)
    except rules.RegisterInvalid as invalid:
        form.refuse(invalid.problems)
        return _register_page(register, form, status=UNPROCESSABLE)
    except rules.RegisterConflict as conflict:
        return _both_marks_page(register, form, conflict)
    flash(f"Register saved. {form.marked} of {form.markable} marked", "success")
    return redirect(url_for(".mark_register", session_id=session_id))


def _register_page(register: Register, form: RegisterForm, status: int = 200) -> ResponseReturnValue:
    return page(
        "attendance/mark_register.html", status=status, register=register, rows=form.rows, errors=form.errors,
        is_error=bool(form.errors), marked=form.marked, markable=form.markable, because=form.because,
        version=form.version, taps=TAPS, more=MORE, reasons=REASONS,
    )  # fmt: skip


def _both_marks_page(register: Register, form: RegisterForm, found: rules.RegisterConflict) -> ResponseReturnValue:
    asked = {each.mine.enrolment_id for each in found.conflicts}
    sent = {mark.enrolment_id for mark in form.marks}
    return page(
        "attendance/compare_marks.html", status=409, register=register, conflicts=found.conflicts,
        because=form.because, rows=[row for row in form.rows if row.id in sent or row.id in asked], asked=asked,
        latest={each.theirs.enrolment_id: each.theirs.fingerprint for each in found.conflicts},
    )  # fmt: skip


@bp.route("/sessions/<int:session_id>/cancel", methods=["GET", "POST"])
@allows(Can.MARK_REGISTER)
def cancel_session(session_id: int) -> ResponseReturnValue:
    """Say that a session did not take place."""
    register = queries.register(session_id, seen_by=current_user) or abort(404)
    form = CancelSessionForm()
    if form.validate_on_submit():
        services.cancel_session(register, because=form.because.data, by=current_user)
        flash(f"Session {register.number} is cancelled and counts for nobody", "success")
        return redirect(url_for(".mark_register", session_id=session_id))
    return page("attendance/cancel_session.html", form=form, register=register)


@bp.route("/sessions/<int:session_id>/restore", methods=["POST"])
@allows(Can.MARK_REGISTER)
def restore_session(session_id: int) -> ResponseReturnValue:
    """A cancelled session did take place after all."""
    register = queries.register(session_id, seen_by=current_user) or abort(404)
    services.restore_session(register, by=current_user)
    flash(f"Session {register.number} took place: mark its register", "success")
    return redirect(url_for(".mark_register", session_id=session_id))


@bp.route("/sessions/<int:session_id>/catch-up/<int:enrolment_id>", methods=["GET", "POST"])
@allows(Can.MARK_REGISTER)
def record_catch_up(session_id: int, enrolment_id: int) -> ResponseReturnValue:
    """Record that somebody made up for a session."""
    cohort_session = queries.cohort_session(session_id, seen_by=current_user) or abort(404)
    enrolment = queries.enrolment_on(cohort_session, enrolment_id) or abort(404)
    tutors = {user.id: user for user in (*cohort_session.cohort.trainers, current_user)}
    form = CatchUpForm(tutor=current_user.id)
    form.offer(list(tutors.values()))
    if form.validate_on_submit():
        try:
            services.record_catch_up(
                cohort_session, enrolment, done_on=form.done_on.data, minutes=form.minutes.data,
                evidence=form.evidence.data, tutor=tutors[form.tutor.data], by=current_user,
            )  # fmt: skip
        except Refused as refused:
            form.form_errors = refused.reasons
        else:
            flash(f"{enrolment.volunteer.name} has caught up session {cohort_session.number}", "success")
            return redirect(url_for(".show_training", volunteer_id=enrolment.volunteer_id))
    return page("attendance/record_catch_up.html", form=form, cohort_session=cohort_session, enrolment=enrolment)


@bp.route("/cohorts/<int:cohort_id>/attendance")
@allows(Can.SEE_ATTENDANCE)
def show_figures(cohort_id: int) -> ResponseReturnValue:
    """The people of a cohort by its sessions, and the figures that come of them."""
    cohort = queries.cohort_to_reckon(cohort_id, seen_by=current_user) or abort(404)
    learners = queries.learners(cohort)
    letters = [learner.letters for learner in learners]
    return page(
        "attendance/show_figures.html", cohort=cohort, learners=learners, letters=letters,
        count=len(letters[0]) if letters else 0, paths=rules.heat_paths(letters), words=LETTERS,
    )  # fmt: skip


@bp.route("/people/<int:volunteer_id>/training")
@allows(Can.SEE_ATTENDANCE)
def show_training(volunteer_id: int) -> ResponseReturnValue:
    """One person's courses: each session, the figures, and what is left to catch up."""
    volunteer, courses = queries.training_of(volunteer_id, seen_by=current_user) or abort(404)
    return page("attendance/show_training.html", volunteer=volunteer, courses=courses, today=clock.today())
