"""Pages about interviews."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from portal import clock
from portal.access import Can, allows
from portal.interviews import queries, services
from portal.interviews.forms import CancelForm, InviteForm, ScorecardForm
from portal.interviews.models import Interview, Setting
from portal.interviews.rules import ScoreArea, must_refer
from portal.volunteers.journey import Move, Stage
from portal.volunteers.models import Volunteer
from portal.volunteers.queries import volunteer as find_volunteer
from portal.web.pages import CONFLICT, accepted, is_stale, page

bp = Blueprint("interviews", __name__, url_prefix="/people/<int:volunteer_id>")
NEEDS = Can.DECIDE_APPLICATIONS


def _volunteer(volunteer_id: int) -> Volunteer:
    return find_volunteer(volunteer_id, seen_by=current_user, can=NEEDS) or abort(404)


def _interview(volunteer_id: int, interview_id: int) -> Interview:
    return queries.interview(interview_id, volunteer_id=volunteer_id, seen_by=current_user) or abort(404)


def _back(volunteer: Volunteer, words: str) -> Response:
    """To the page about their interviews, which says what was done, and what the post cannot do."""
    flash(words, "success")
    if not volunteer.email:
        flash("They have no e-mail address, so no letter was sent. Ring them, or write to them", "warning")
    return redirect(url_for("interviews.show_interviews", volunteer_id=volunteer.id))


@bp.route("/interviews")
@allows(NEEDS)
def show_interviews(volunteer_id: int) -> ResponseReturnValue:
    """What was planned and heard, and what can be done next."""
    volunteer = _volunteer(volunteer_id)
    interviews = queries.interviews_of(volunteer, seen_by=current_user)
    return page(
        "interviews/show_interviews.html",
        volunteer=volunteer,
        interviews=interviews,
        score_areas=ScoreArea,
        to_refer=[each.id for each in interviews if must_refer(each.scores)],
        may_plan=volunteer.stage in {Stage.APPLIED, Stage.INTERVIEWING} and not any(i.is_open for i in interviews),
        may_offer=Move.OFFER.leaves(volunteer.stage),
        may_decline=Move.DECLINE.leaves(volunteer.stage) and volunteer.stage is not Stage.TRAINING,
    )


@bp.route("/interviews/new", methods=["GET", "POST"])
@allows(NEEDS)
def invite_to_interview(volunteer_id: int) -> ResponseReturnValue:
    """Plan a talk."""
    volunteer = _volunteer(volunteer_id)
    people = {each.id: each for each in queries.interviewers(volunteer)}
    form = InviteForm(interviewer=current_user.id)
    form.interviewer.choices = [("", "Choose"), *((each.id, each.name) for each in people.values())]
    if form.validate_on_submit() and accepted(
        form, services.invite, volunteer, planned_at=form.planned_at(), setting=Setting(form.setting.data),
        place=form.place.data, interviewer=people[form.interviewer.data], by=current_user,
    ):  # fmt: skip
        return _back(volunteer, "The interview is planned")
    return page("interviews/invite_to_interview.html", form=form, volunteer=volunteer)


@bp.route("/interviews/<int:interview_id>/record", methods=["GET", "POST"])
@allows(NEEDS)
def record_interview(volunteer_id: int, interview_id: int) -> ResponseReturnValue:
    """Fill in the scorecard."""
    interview = _interview(volunteer_id, interview_id)
    shown = clock.in_london(interview.planned_at)
    form = ScorecardForm(version=interview.version, day=shown.date(), time=shown.time())
    status = 200
    if form.validate_on_submit():
        if is_stale(form, interview.version):
            status = CONFLICT
        elif accepted(
            form, services.record, interview, held_at=form.held_at(), scores=form.scores(), notes=form.notes.data,
            second_interviewer_name=form.second_interviewer_name.data, by=current_user,
        ):  # fmt: skip
            return _back_from_scorecard(interview)
    return page(
        "interviews/record_interview.html", status=status, form=form, interview=interview, score_areas=ScoreArea
    )


def _back_from_scorecard(interview: Interview) -> Response:
    if must_refer(interview.scores):
        flash("Safeguarding was scored 0: refer this to the safeguarding lead before anything else", "warning")
    flash("The interview is recorded", "success")
    return redirect(url_for(".show_interviews", volunteer_id=interview.volunteer_id))


@bp.route("/interviews/<int:interview_id>/cancel", methods=["GET", "POST"])
@allows(NEEDS)
def cancel_interview(volunteer_id: int, interview_id: int) -> ResponseReturnValue:
    """Call a talk off."""
    interview = _interview(volunteer_id, interview_id)
    form = CancelForm(version=interview.version)
    status = 200
    if form.validate_on_submit():
        if is_stale(form, interview.version):
            status = CONFLICT
        elif accepted(form, services.cancel, interview, because=form.because.data, by=current_user):
            return _back(interview.volunteer, "The interview is cancelled")
    return page("interviews/cancel_interview.html", status=status, form=form, interview=interview)
