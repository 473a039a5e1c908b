"""The roll-call after an alarm, and registers to print."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal import clock
from portal.access import Can, allows
from portal.refusals import Refused
from portal.registers import queries as registers
from portal.sheets import queries, rules, services
from portal.sheets.documents import HOW, KEEP, SPARE_ROWS, Page, PaperRegister
from portal.sheets.queries import Paper
from portal.web.pages import UNPROCESSABLE, page

bp = Blueprint("sheets", __name__)


@bp.route("/sessions/<int:session_id>/roll-call", methods=["GET", "POST"])
@allows(Can.MARK_REGISTER)
def call_roll(session_id: int) -> ResponseReturnValue:
    """Everybody who is marked as here, to be counted outside."""
    register = registers.register(session_id, seen_by=current_user) or abort(404)
    expected, errors = rules.expected(register.people.values()), []
    counted = {int(each) for each in request.form.getlist("counted") if each.isdecimal() and len(each) < 10}
    if request.method == "POST":
        try:
            kept = services.keep_roll_call(register, counted, by=current_user)
        except Refused as refused:
            errors = [{"text": reason} for reason in refused.reasons]
        else:
            if kept.missing:
                flash(f"{kept.counted} of {kept.expected} counted: {len(kept.missing)} missing", "warning")
            else:
                flash(f"All {kept.expected} counted", "success")
            return redirect(url_for(".call_roll", session_id=session_id))
    return page(
        "sheets/call_roll.html", register=register, expected=expected, counted=counted, errors=errors,
        is_error=bool(errors), last=queries.last_roll_call(session_id), status=UNPROCESSABLE if errors else 200,
    )  # fmt: skip


@bp.route("/sessions/<int:session_id>/sheet")
@allows(Can.MARK_REGISTER)
def show_sheet(session_id: int) -> ResponseReturnValue:
    """One register to print, as a page."""
    paper = queries.paper_of_session(session_id, seen_by=current_user) or abort(404)
    return page(
        "sheets/show_sheets.html", papers=[paper], title="Register on paper", how=HOW, keep=KEEP, spare=SPARE_ROWS,
        pdf=url_for(".print_sheet", session_id=session_id), back_words="Register",
        back=url_for("registers.mark_register", session_id=session_id),
    )  # fmt: skip


@bp.route("/sessions/<int:session_id>/sheet.pdf")
@allows(Can.MARK_REGISTER)
def print_sheet(session_id: int) -> ResponseReturnValue:
    """One register to print, as a PDF."""
    paper = queries.paper_of_session(session_id, seen_by=current_user) or abort(404)
    return _printed([paper], f"Register of {paper.cohort}, session {paper.number}")


@bp.route("/cohorts/<int:cohort_id>/sheets")
@allows(Can.MARK_REGISTER)
def show_sheets(cohort_id: int) -> ResponseReturnValue:
    """The registers of all sessions to come, as a page."""
    name = queries.cohort_name(cohort_id, seen_by=current_user) or abort(404)
    papers = queries.papers_to_come(cohort_id, seen_by=current_user)
    return page(
        "sheets/show_sheets.html", papers=papers, title=f"Registers on paper: {name}", how=HOW, keep=KEEP,
        spare=SPARE_ROWS, pdf=url_for(".print_sheets", cohort_id=cohort_id),
        back=url_for("cohorts.show_cohort", cohort_id=cohort_id), back_words=name,
    )  # fmt: skip


@bp.route("/cohorts/<int:cohort_id>/sheets.pdf")
@allows(Can.MARK_REGISTER)
def print_sheets(cohort_id: int) -> ResponseReturnValue:
    """The registers of all sessions to come, as one PDF."""
    name = queries.cohort_name(cohort_id, seen_by=current_user) or abort(404)
    papers = queries.papers_to_come(cohort_id, seen_by=current_user)
    if not papers:
        flash(f"{name} has no sessions to come: there is nothing to print", "warning")
        return redirect(url_for(".show_sheets", cohort_id=cohort_id))
    return _printed(papers, f"Registers of {name}")


def _printed(papers: list[Paper], title: str) -> Response:
    document = PaperRegister(papers[0].scheme, title, clock.today(), tuple(_page(each) for each in papers))
    name = "-".join("".join(c if c.isalnum() and c.isascii() else " " for c in title.lower()).split())
    return Response(
        document.render(),
        mimetype="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}.pdf"'},
    )


def _page(paper: Paper) -> Page:
    starts, ends = clock.in_london(paper.starts_at), clock.in_london(paper.ends_at)
    when = f"{starts:%A} {starts.day} {starts:%B %Y}, {starts:%H:%M} to {ends:%H:%M}"
    return Page(paper.cohort, paper.number, paper.title, when, paper.venue, ", ".join(paper.trainers), paper.names)
