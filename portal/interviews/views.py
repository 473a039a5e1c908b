"""Pages about interviews."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from portal import clock
from portal.access import Can, allows
from portal.accounts.models import User
from portal.interviews import queries, services
from portal.interviews.forms import CancelForm, ChangeForm, InviteForm, ScorecardForm
from portal.interviews.models import Interview, Setting
from portal.interviews.rules import ScoreArea, must_refer
from portal.messages.services import must_be_told
from portal.refusals import Refused
from portal.volunteers.journey import Move, Stage
from portal.volunteers.models import Volunteer
from portal.volunteers.queries import volunteer as find_volunteer
from portal.web.pages import CONFLICT, accepted, is_stale, page

bp = Blueprint("interviews", __name__, url_prefix="/people/<int:volunteer_id>")
NEEDS = Can.DECIDE_APPLICATIONS
CANCELS = {"us": services.cancel, "them": services.cancelled_by_them}


def _volunteer(volunteer_id: int) -> Volunteer:
    return find_volunteer(volunteer_id, seen_by=current_user, can=NEEDS) or abort(404)


def _interview(volunteer_id: int, interview_id: int) -> Interview:
    return queries.interview(interview_id, volunteer_id=volunteer_id, seen_by=current_user) or abort(404)


def _back(volunteer: Volunteer, words: str) -> Response:
    """To the page about their interviews, which says what was done, and what the post cannot do."""
    flash(words, "success")
    if must_be_told(volunteer.id):
        flash("No email or text reaches them. Ring them, or write to them", "warning")
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
        now=clock.now(),
        missing={each.id: queries.not_scored_by(each) for each in interviews if each.is_open},
        me=current_user.id,
        missed=sum(1 for each in interviews if each.missed_at),
        may_choose=queries.has_open_link(volunteer),
        may_plan=volunteer.stage in {Stage.APPLIED, Stage.INTERVIEWING} and not any(i.is_open for i in interviews),
        may_offer=Move.OFFER.leaves(volunteer.stage) and not any(i.is_open for i in interviews),
        may_decline=Move.DECLINE.leaves(volunteer.stage) and volunteer.stage is not Stage.TRAINING,
    )


@bp.route("/interviews/new", methods=["GET", "POST"])
@allows(NEEDS)
def invite_to_interview(volunteer_id: int) -> ResponseReturnValue:
    """Plan a talk."""
    volunteer = _volunteer(volunteer_id)
    people = {each.id: each for each in queries.interviewers(volunteer)}
    form = InviteForm(interviewer=current_user.id, minutes=45)
    form.offer(people.values())
    if form.validate_on_submit() and accepted(
        form, services.invite, volunteer, by=current_user, **_planned(form, people)
    ):
        return _back(volunteer, "The interview is planned")
    return page("interviews/invite_to_interview.html", form=form, volunteer=volunteer)


def _planned(form: InviteForm, people: Mapping[int, User]) -> dict[str, Any]:
    """What an invitation or a change says."""
    return {
        "planned_at": form.planned_at(), "setting": Setting(form.setting.data), "place": form.place.data,
        "interviewer": people[form.interviewer.data], "second": people.get(form.second.data),
        "minutes": form.minutes.data,
    }  # fmt: skip


@bp.route("/interviews/<int:interview_id>/change", methods=["GET", "POST"])
@allows(NEEDS)
def change_interview(volunteer_id: int, interview_id: int) -> ResponseReturnValue:
    """Another time, place or person."""
    interview = _interview(volunteer_id, interview_id)
    named = [each for each in (interview.interviewer, interview.second) if each is not None]
    people = {each.id: each for each in (*named, *queries.interviewers(interview.volunteer))}
    shown = clock.in_london(interview.planned_at)
    form = ChangeForm(
        version=interview.version, day=shown.date(), time=shown.time(), setting=interview.setting.value,
        place=interview.place, interviewer=interview.interviewer_id, second=interview.second_id,
        minutes=interview.minutes,
    )  # fmt: skip
    form.offer(people.values())
    status = 200
    if form.validate_on_submit():
        if is_stale(form, interview.version):
            status = CONFLICT
        elif accepted(form, services.change, interview, by=current_user, **_planned(form, people)):
            return _back(interview.volunteer, "The interview is changed, and everybody is told")
    return page("interviews/change_interview.html", status=status, form=form, interview=interview)


@bp.route("/interviews/<int:interview_id>/missed", methods=["POST"])
@allows(NEEDS)
def say_they_did_not_come(volunteer_id: int, interview_id: int) -> ResponseReturnValue:
    """Nobody came: another time is offered."""
    interview = _interview(volunteer_id, interview_id)
    try:
        services.did_not_come(interview, by=current_user)
    except Refused as refused:
        flash(". ".join(refused.reasons), "warning")
        return redirect(url_for(".show_interviews", volunteer_id=volunteer_id))
    return _back(interview.volunteer, "It is noted. They are offered another time")


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
            strengths=form.strengths.data, agreed_because=form.agreed_because.data,
            alone_because=form.alone_because.data, may_use_strengths=form.may_use_strengths.data,
        ):  # fmt: skip
            return _back_from_scorecard(interview)
    return page(
        "interviews/record_interview.html",
        status=status,
        form=form,
        interview=interview,
        score_areas=ScoreArea,
        sheets=interview.sheets if queries.is_all_in(interview) else [],
        may_record=interview.is_open and not queries.not_scored_by(interview),
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
        elif accepted(form, CANCELS[form.whose.data], interview, because=form.because.data, by=current_user):
            return _back(interview.volunteer, "The interview is cancelled")
    return page("interviews/cancel_interview.html", status=status, form=form, interview=interview)
