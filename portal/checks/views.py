"""Pages about DBS checks."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal import clock
from portal.access import Can, allows
from portal.checks import queries, services
from portal.checks.forms import (
    ApplyForm,
    CertificateForm,
    CloseForm,
    DecideForm,
    EligibilityForm,
)
from portal.checks.models import DbsCheck, Level, Outcome, Suitability, Workforce
from portal.checks.rules import FreeTest
from portal.volunteers.models import Volunteer
from portal.volunteers.queries import volunteer as find_volunteer
from portal.web.pages import CONFLICT, OK, accepted, is_stale, page

bp = Blueprint("checks", __name__)


def _volunteer(volunteer_id: int, can: Can = Can.RECORD_DBS) -> Volunteer:
    return find_volunteer(volunteer_id, seen_by=current_user, can=can) or abort(404)


def _check(volunteer_id: int, check_id: int, can: Can = Can.RECORD_DBS) -> DbsCheck:
    return queries.check(check_id, volunteer_id=volunteer_id, seen_by=current_user, can=can) or abort(404)


def _back(volunteer_id: int, words: str) -> ResponseReturnValue:
    flash(words, "success")
    return redirect(url_for(".show_checks", volunteer_id=volunteer_id))


# DBS checks


@bp.route("/checks")
@allows(Can.RECORD_DBS)
def list_checks() -> ResponseReturnValue:
    """What waits, under four headings, the oldest first."""
    may_decide = current_user.may(Can.DECIDE_SUITABILITY)
    return page("checks/list_checks.html", work=queries.work(seen_by=current_user), may_decide=may_decide)


@bp.route("/checks/eligibility", methods=["GET", "POST"])
@allows(Can.DECIDE_SUITABILITY)
def decide_eligibility() -> ResponseReturnValue:
    """Which check each role may have, and a new decision."""
    schemes = {each.id: each for each in queries.schemes_where(Can.DECIDE_SUITABILITY, seen_by=current_user)}
    form = EligibilityForm(scheme=next(iter(schemes), None))
    form.scheme.choices = [(each.id, each.name) for each in schemes.values()]
    if form.validate_on_submit() and accepted(
        form, services.decide_eligibility, schemes[form.scheme.data], role_title=form.role_title.data,
        level=Level(form.level.data), workforce=Workforce(form.workforce.data), relied_on=form.relied_on.data,
        by=current_user,
    ):  # fmt: skip
        flash("The decision is saved", "success")
        return redirect(url_for(".decide_eligibility"))
    return page(
        "checks/decide_eligibility.html", form=form, decided=queries.eligibilities_decided(seen_by=current_user)
    )


@bp.route("/people/<int:volunteer_id>/checks")
@allows(Can.RECORD_DBS)
def show_checks(volunteer_id: int) -> ResponseReturnValue:
    """Every check of one person, how far it is, and what to do next."""
    volunteer = _volunteer(volunteer_id)
    checks = queries.checks_of(volunteer, seen_by=current_user)
    return page(
        "checks/show_checks.html", volunteer=volunteer, checks=checks, names=queries.names(checks),
        may_apply=volunteer.stage in services.OFFERED and not any(check.is_open for check in checks),
        may_decide=current_user.may(Can.DECIDE_SUITABILITY),
    )  # fmt: skip


@bp.route("/people/<int:volunteer_id>/checks/new", methods=["GET", "POST"])
@allows(Can.RECORD_DBS)
def apply_for_check(volunteer_id: int) -> ResponseReturnValue:
    """Record that a check was applied for."""
    volunteer = _volunteer(volunteer_id)
    known = {each.id: each for each in queries.eligibilities(volunteer.scheme_id)}
    form = ApplyForm(applied_on=clock.today())
    form.eligibility.choices = [
        (each.id, f"{each.role_title}: {each.level.words.lower()}, {each.workforce.words.lower()} workforce")
        for each in known.values()
    ]
    if form.is_submitted() and not known:  # the page says who must decide first
        return redirect(url_for(".apply_for_check", volunteer_id=volunteer.id))
    if form.validate_on_submit() and accepted(
        form, services.apply, volunteer, eligibility=known[form.eligibility.data], applied_on=form.applied_on.data,
        application_reference=form.application_reference.data, free_as_volunteer=form.is_free.data == "yes",
        statements=[FreeTest(each) for each in form.statements.data], is_trainee=form.is_trainee.data == "yes",
        despite_training=form.despite_training.data, by=current_user,
    ):  # fmt: skip
        return _back(volunteer.id, "The application is recorded")
    return page("checks/apply_for_check.html", form=form, volunteer=volunteer, known=known)


@bp.route("/people/<int:volunteer_id>/checks/<int:check_id>/certificate", methods=["GET", "POST"])
@allows(Can.RECORD_DBS)
def see_certificate(volunteer_id: int, check_id: int) -> ResponseReturnValue:
    """Record that the original was seen."""
    check = _check(volunteer_id, check_id)
    form, status = CertificateForm(version=check.version, seen_on=clock.today()), OK
    if form.validate_on_submit():
        if is_stale(form, check.version):
            status = CONFLICT
        elif accepted(
            form, services.see_certificate, check, number=form.number.data, issued_on=form.issued_on.data,
            seen_on=form.seen_on.data, outcome=Outcome(form.outcome.data), by=current_user,
        ):  # fmt: skip
            return _back(volunteer_id, "The certificate is recorded. Give it back to them: keep no copy")
    return page("checks/see_certificate.html", status=status, form=form, check=check)


@bp.route("/people/<int:volunteer_id>/checks/<int:check_id>/decide", methods=["GET", "POST"])
@allows(Can.DECIDE_SUITABILITY)
def decide_check(volunteer_id: int, check_id: int) -> ResponseReturnValue:
    """Decide whether somebody is suitable."""
    check = _check(volunteer_id, check_id, Can.DECIDE_SUITABILITY)
    form, status = DecideForm(version=check.version), OK
    if form.validate_on_submit():
        if is_stale(form, check.version):
            status = CONFLICT
        elif accepted(
            form, services.decide, check, decision=Suitability(form.decision.data), because=form.because.data,
            conditions=form.conditions.data, by=current_user,
        ):  # fmt: skip
            return _back(volunteer_id, "The decision is saved")
    return page("checks/decide_check.html", status=status, form=form, check=check, saw_it=_saw(check))


def _saw(check: DbsCheck) -> bool:
    return bool(check.outcome is Outcome.INFORMATION_DISCLOSED and check.seen_by_id == current_user.id)


@bp.route("/people/<int:volunteer_id>/checks/<int:check_id>/close", methods=["GET", "POST"])
@allows(Can.RECORD_DBS)
def close_check(volunteer_id: int, check_id: int) -> ResponseReturnValue:
    """End a check that will not be decided."""
    check = _check(volunteer_id, check_id)
    form, status = CloseForm(version=check.version), OK
    if form.validate_on_submit():
        if is_stale(form, check.version):
            status = CONFLICT
        elif accepted(form, services.close, check, because=form.because.data, by=current_user):
            return _back(volunteer_id, "The check is closed")
    return page("checks/close_check.html", status=status, form=form, check=check)
