"""The interviews one is named for, one's own sheet, and who else scores."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal import clock
from portal.access import Can, allows
from portal.interviews.models import Interview
from portal.interviews.queries import interview as find_interview
from portal.interviews.queries import interviewers, is_all_in, latest_strengths
from portal.interviews.rules import ScoreArea
from portal.interviews.services import say_about_strengths as say_so
from portal.scorecards import queries, services
from portal.scorecards.forms import SecondForm, SheetForm, StrengthsForm
from portal.volunteers.queries import own_volunteer
from portal.web.pages import accepted, page

bp = Blueprint("scorecards", __name__)


@bp.route("/interviews/mine")
@allows(Can.INTERVIEW)
def list_mine() -> ResponseReturnValue:
    """The interviews one is named for, by reference."""
    rows = queries.interviews_of_mine(current_user)
    scored = {each.id for each in rows if any(sheet.scorer_id == current_user.id for sheet in each.sheets)}
    now = clock.now()
    parts = [
        ("To score", [each for each in rows if each.planned_at <= now and each.id not in scored]),
        ("Today", [each for each in rows if each.planned_at > now and _day(each) == clock.today()]),
        ("To come", [each for each in rows if _day(each) > clock.today()]),
        ("You have scored", [each for each in rows if each.id in scored]),
    ]
    return page("scorecards/list_mine.html", parts=[(title, found) for title, found in parts if found])


def _day(interview: Interview) -> date:
    return clock.in_london(interview.planned_at).date()


@bp.route("/interviews/mine/<int:interview_id>", methods=["GET", "POST"])
@allows(Can.INTERVIEW)
def score_interview(interview_id: int) -> ResponseReturnValue:
    """What they wrote, what everybody is asked, and one's own scores: locked as soon as they are saved."""
    interview = queries.interview_of_mine(interview_id, seen_by=current_user) or abort(404)
    form = SheetForm()
    if form.validate_on_submit() and accepted(
        form, services.score, interview, scores=form.scores(), notes=form.notes.data, strengths=form.strengths.data,
        by=current_user,
    ):  # fmt: skip
        flash("Your scores are saved, and locked", "success")
        return redirect(url_for(".score_interview", interview_id=interview.id))
    sheets = services.readable_sheets(interview, by=current_user)
    return page(
        "scorecards/score_interview.html", form=form, interview=interview, sheets=sheets, score_areas=ScoreArea,
        has_scored=any(each.scorer_id == current_user.id for each in interview.sheets), is_all_in=is_all_in(interview),
        written=queries.answers_of(interview.volunteer), has_begun=interview.planned_at <= clock.now(),
    )  # fmt: skip


@bp.route("/my/strengths", methods=["GET", "POST"])
@allows(Can.OWN_JOURNEY)
def say_about_strengths() -> ResponseReturnValue:
    """What others saw in oneself at the talk, and whether it may stand in one's CV evidence."""
    volunteer = own_volunteer(current_user) or abort(404)
    interview = latest_strengths(volunteer) or abort(404)
    form = StrengthsForm(may_use="yes" if interview.may_use_strengths else None)
    if form.validate_on_submit() and accepted(
        form, say_so, interview, may_use=form.may_use.data == "yes", by=current_user
    ):
        flash("Thank you. Your answer is saved", "success")
        return redirect(url_for("certification.choose_cv_evidence"))
    return page("scorecards/say_about_strengths.html", form=form, interview=interview)


@bp.route("/people/<int:volunteer_id>/interviews/<int:interview_id>/second", methods=["GET", "POST"])
@allows(Can.DECIDE_APPLICATIONS)
def replace_second(volunteer_id: int, interview_id: int) -> ResponseReturnValue:
    """One scorer is ill: somebody else, or nobody, and why."""
    interview = find_interview(interview_id, volunteer_id=volunteer_id, seen_by=current_user) or abort(404)
    named = [interview.second] if interview.second is not None else []
    can = (each for each in interviewers(interview.volunteer) if each.id != interview.interviewer_id)
    people = {each.id: each for each in (*named, *can)}
    form = SecondForm(second=interview.second_id)
    form.offer(people.values(), now=interview.second_id)
    if form.validate_on_submit() and accepted(
        form, services.replace_second, interview, people.get(form.second.data), because=form.because.data,
        by=current_user,
    ):  # fmt: skip
        flash("Those who score are changed", "success")
        return redirect(url_for("interviews.show_interviews", volunteer_id=volunteer_id))
    return page("scorecards/replace_second.html", form=form, interview=interview)
