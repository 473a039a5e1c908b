"""The register: a whole group on one page."""

from __future__ import annotations

from itertools import groupby

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from courses.marks import AbsenceReason
from portal.access import Can, allows
from portal.database import kept_apart
from portal.registers import forms, queries, rules, services
from portal.registers.forms import RegisterForm
from portal.registers.queries import Register
from portal.web.pages import UNPROCESSABLE, page

bp = Blueprint("registers", __name__)
TAPS, MORE = ([(code.value, words) for code, words in choices] for choices in (rules.TAPS, rules.MORE))
REASONS = {reason.value: reason.label for reason in AbsenceReason}


@bp.route("/sessions/<int:session_id>/register", methods=["GET", "POST"])
@allows(Can.MARK_REGISTER)
def mark_register(session_id: int) -> ResponseReturnValue:
    """The whole group on one page: tap, save. Nothing is marked before somebody marks it."""
    saves = request.method == "POST"
    register = queries.register(session_id, seen_by=current_user, hold=saves) or abort(404)
    if not saves:
        return _register_page(register, forms.shown(register))
    form = forms.posted(register, request.form)
    if form.errors:
        return _register_page(register, form, status=UNPROCESSABLE)
    try:
        services.save(register, form.marks, seen_version=form.version, by=current_user, because=form.because)
    except rules.RegisterInvalid as invalid:
        form.refuse(invalid.problems)
        return _register_page(register, form, status=UNPROCESSABLE)
    except rules.RegisterConflict as conflict:
        return _both_marks_page(register, form, conflict)
    flash(f"Register saved. {form.marked} of {form.markable} marked", "success")
    return redirect(url_for(".mark_register", session_id=session_id))


def _register_page(register: Register, form: RegisterForm, status: int = 200) -> ResponseReturnValue:
    return page(
        "registers/mark_register.html", status=status, register=register, rows=form.rows, errors=form.errors,
        is_error=bool(form.errors), marked=form.marked, markable=form.markable, because=form.because,
        version=form.version, taps=TAPS, more=MORE, reasons=REASONS,
        owed=queries.owed(register) if register.is_open else {},
    )  # fmt: skip


def _both_marks_page(register: Register, form: RegisterForm, found: rules.RegisterConflict) -> ResponseReturnValue:
    asked = {each.mine.enrolment_id for each in found.conflicts}
    sent = {mark.enrolment_id for mark in form.marks}
    return page(
        "registers/compare_marks.html", status=409, register=register, conflicts=found.conflicts,
        because=form.because, rows=[row for row in form.rows if row.id in sent or row.id in asked], asked=asked,
        latest={each.theirs.enrolment_id: each.theirs.fingerprint for each in found.conflicts},
    )  # fmt: skip


@bp.route("/sessions/<int:session_id>/register/history")
@allows(Can.MARK_REGISTER)
def show_history(session_id: int) -> ResponseReturnValue:
    """Who changed whose mark, from what to what, and when."""
    register = queries.register(session_id, seen_by=current_user) or abort(404)
    lines = queries.history(register, after=request.args.get("after"))
    saves = [list(each) for _, each in groupby(lines.items, key=lambda line: (line.by, line.request_id, line.at))]
    return page("registers/show_history.html", register=register, lines=lines, saves=saves)


@bp.route("/sessions/<int:session_id>/people/<int:enrolment_id>", methods=["GET", "POST"])
@allows(Can.MARK_REGISTER)
def show_person(session_id: int, enrolment_id: int) -> ResponseReturnValue:
    """One person on the night. What helps them and whom to ring are opened by a button, for the record."""
    register = queries.register(session_id, seen_by=current_user) or abort(404)
    person = register.people.get(enrolment_id) or abort(404)
    asked = request.form.get("show", "") if request.method == "POST" else ""
    opened = queries.behind_the_wall(person, asked)
    if opened is not None:
        with kept_apart():  # the line about who read it must stay, though this page is no redirect
            services.read_about(register, person, asked, by=current_user)
        register = queries.register(session_id, seen_by=current_user) or abort(404)  # another transaction now
    return page(
        "registers/show_person.html", register=register, person=person, asked=asked, opened=opened,
        owed=queries.owed(register).get(enrolment_id, []),
    )  # fmt: skip


@bp.route("/cohorts/<int:cohort_id>/support", methods=["GET", "POST"])
@allows(Can.MARK_REGISTER)
def show_support(cohort_id: int) -> ResponseReturnValue:
    """What helps the people of a group: opened by a button, so that the record says who read it."""
    cohort, rows = queries.group_support(cohort_id, seen_by=current_user) or abort(404)
    if is_open := request.method == "POST":
        with kept_apart():  # the lines about who read it must stay, though this page is no redirect
            services.read_support(cohort, rows, by=current_user)
        cohort, rows = queries.group_support(cohort_id, seen_by=current_user) or abort(404)  # another transaction now
    return page("registers/show_support.html", cohort=cohort, rows=rows if is_open else [], count_of=len(rows))
