"""Pages and files of hours, and who taught which session."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, Response, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.access import Can, allows
from portal.cohorts.queries import cohort_is_theirs
from portal.hours import documents, forms, queries, services
from portal.hours.queries import Hours
from portal.web.pages import accepted, page

bp = Blueprint("hours", __name__)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.route("/cohorts/<int:cohort_id>/hours")
@allows(Can.SEE_ATTENDANCE)
def show_hours(cohort_id: int) -> ResponseReturnValue:
    """Everybody's guided hours by unit, and the files for an awarding body."""
    found = _of_cohort(cohort_id)
    may_mark = cohort_is_theirs(found.cohort, current_user, Can.MARK_REGISTER)
    return page("hours/show_hours.html", cohort=found.cohort, people=found.people, may_mark=may_mark)


@bp.route("/cohorts/<int:cohort_id>/hours/sessions.csv")
@allows(Can.SEE_ATTENDANCE)
def download_sessions(cohort_id: int) -> ResponseReturnValue:
    """Every person and session of a group."""
    found = _of_cohort(cohort_id)
    return _csv(documents.csv_of_sessions(found.people, found.sittings), f"sessions-of-cohort-{cohort_id}")


@bp.route("/cohorts/<int:cohort_id>/hours/units.csv")
@allows(Can.SEE_ATTENDANCE)
def download_units(cohort_id: int) -> ResponseReturnValue:
    """Every person's hours by unit."""
    return _csv(documents.csv_of_units(_of_cohort(cohort_id).people), f"hours-of-cohort-{cohort_id}")


@bp.route("/cohorts/<int:cohort_id>/hours.xlsx")
@allows(Can.SEE_ATTENDANCE)
def download_workbook(cohort_id: int) -> ResponseReturnValue:
    """Both in one workbook."""
    return _xlsx(_of_cohort(cohort_id), f"hours-of-cohort-{cohort_id}")


@bp.route("/learners/<int:enrolment_id>/hours.csv")
@allows(Can.SEE_ATTENDANCE)
def download_own_sessions(enrolment_id: int) -> ResponseReturnValue:
    """One person's sessions."""
    found = _of_person(enrolment_id)
    return _csv(documents.csv_of_sessions(found.people, found.sittings), f"sessions-of-learner-{enrolment_id}")


@bp.route("/learners/<int:enrolment_id>/hours.xlsx")
@allows(Can.SEE_ATTENDANCE)
def download_own_workbook(enrolment_id: int) -> ResponseReturnValue:
    """One person's sessions and hours by unit in one workbook."""
    return _xlsx(_of_person(enrolment_id), f"hours-of-learner-{enrolment_id}")


@bp.route("/cohorts/<int:cohort_id>/taught-by", methods=["GET", "POST"])
@allows(Can.MARK_REGISTER)
def say_who_taught(cohort_id: int) -> ResponseReturnValue:
    """Who taught each session: at first whoever saved its register first."""
    cohort = queries.cohort_to_say_who_taught(cohort_id, seen_by=current_user) or abort(404)
    held = queries.held_sessions(cohort)
    form = forms.taught_form(held, queries.may_have_taught(cohort))
    if held and form.validate_on_submit():
        chosen = forms.chosen(form, held)
        if accepted(form, services.say_who_taught, cohort, chosen, by=current_user):
            flash("Saved who taught which session", "success")
            return redirect(url_for(".show_hours", cohort_id=cohort.id))
    return page("hours/say_who_taught.html", form=form, cohort=cohort, held=held)


def _of_cohort(cohort_id: int) -> Hours:
    return queries.hours_of_cohort(cohort_id, seen_by=current_user) or abort(404)


def _of_person(enrolment_id: int) -> Hours:
    return queries.hours_of_person(enrolment_id, seen_by=current_user) or abort(404)


def _csv(pieces: Iterable[str], name: str) -> Response:
    # what the pieces are made of is read already: no statement runs while they are sent
    return _file(Response(pieces, mimetype="text/csv"), f"{name}.csv")


def _xlsx(found: Hours, name: str) -> Response:
    made = documents.HoursWorkbook(found.people, found.sittings).render()
    return _file(Response(made, mimetype=XLSX), f"{name}.xlsx")


def _file(response: Response, name: str) -> Response:
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response
