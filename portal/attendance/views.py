"""Pages of what was attended: the figures of a group and of a person, and sessions made up for."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from courses.marks import Code
from portal import clock
from portal.access import Can, allows
from portal.attendance import queries, rules, services
from portal.attendance.forms import CatchUpForm
from portal.cohorts.queries import cohort_is_theirs
from portal.refusals import Refused
from portal.web.pages import page

bp = Blueprint("attendance", __name__)
LETTERS = {**{code.value: code.label for code in Code}, "?": "Not marked yet", "": "To come"}


@bp.route("/sessions/<int:session_id>/catch-up/<int:enrolment_id>", methods=["GET", "POST"])
@allows(Can.MARK_REGISTER)
def record_catch_up(session_id: int, enrolment_id: int) -> ResponseReturnValue:
    """Record that somebody made up for a session."""
    cohort_session = queries.cohort_session(session_id, seen_by=current_user) or abort(404)
    enrolment = queries.enrolment_on(cohort_session, enrolment_id) or abort(404)
    booked = queries.bookings_of([enrolment.id]).get((enrolment.id, cohort_session.id))
    tutors = {user.id: user for user in (*cohort_session.cohort.trainers, current_user)}
    if booked and booked.tutor_id not in tutors:
        tutors[booked.tutor_id] = queries.tutor(booked.tutor_id)
    form = CatchUpForm(tutor=current_user.id)
    if booked:
        done_on = min(clock.in_london(booked.starts_at).date(), clock.today())
        form = CatchUpForm(tutor=booked.tutor_id, minutes=booked.minutes, done_on=done_on)
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
    return page(
        "attendance/record_catch_up.html", form=form, cohort_session=cohort_session, enrolment=enrolment,
        booked=booked,
    )  # fmt: skip


@bp.route("/cohorts/<int:cohort_id>/attendance")
@allows(Can.SEE_ATTENDANCE)
def show_figures(cohort_id: int) -> ResponseReturnValue:
    """The people of a cohort by its sessions, and the figures that come of them."""
    cohort = queries.cohort_to_reckon(cohort_id, seen_by=current_user) or abort(404)
    learners = queries.learners(cohort)
    letters = [learner.letters for learner in learners]
    columns = rules.heat_columns([each.week for each in cohort.sessions])
    paths = rules.heat_paths(letters, columns.lefts)
    return page(
        "attendance/show_figures.html", cohort=cohort, learners=learners, letters=letters, columns=columns,
        paths=paths, signs={letter: rules.SYMBOLS.get(letter, "") for letter in paths}, words=LETTERS,
        may_mark=current_user.may(Can.MARK_REGISTER),
    )  # fmt: skip


@bp.route("/people/<int:volunteer_id>/training")
@allows(Can.SEE_ATTENDANCE)
def show_training(volunteer_id: int) -> ResponseReturnValue:
    """One person's courses: each session, the figures, and what is left to catch up."""
    volunteer, courses = queries.training_of(volunteer_id, seen_by=current_user) or abort(404)
    booked = queries.bookings_of([enrolment.id for enrolment, _ in courses])
    may_book = {
        enrolment.id for enrolment, _ in courses if cohort_is_theirs(enrolment.cohort, current_user, Can.MARK_REGISTER)
    }
    return page("attendance/show_training.html", volunteer=volunteer, courses=courses, booked=booked, may_book=may_book)
