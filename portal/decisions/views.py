"""Pages about offers and declines."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.access import Can, allows
from portal.decisions import queries, services
from portal.decisions.forms import DeclineForm, OfferForm
from portal.decisions.rules import DeclineKind, conditions
from portal.interviews.models import Interview
from portal.interviews.queries import interview as find_interview
from portal.interviews.rules import must_refer
from portal.volunteers.journey import Move, Stage
from portal.volunteers.models import Volunteer
from portal.volunteers.queries import volunteer as find_volunteer
from portal.volunteers.rules import MoveRefused
from portal.web.pages import CONFLICT, accepted, is_stale, page

bp = Blueprint("decisions", __name__, url_prefix="/people/<int:volunteer_id>")
NEEDS = Can.DECIDE_APPLICATIONS


def _volunteer(volunteer_id: int) -> Volunteer:
    return find_volunteer(volunteer_id, seen_by=current_user, can=NEEDS) or abort(404)


def _interview(volunteer_id: int, interview_id: int) -> Interview:
    return find_interview(interview_id, volunteer_id=volunteer_id, seen_by=current_user) or abort(404)


def _back(volunteer: Volunteer, words: str) -> Response:
    """To what was decided about them, which says what was done, and what the post cannot do."""
    flash(words, "success")
    if not volunteer.email:
        flash("They have no e-mail address, so no letter was sent. Ring them, or write to them", "warning")
    return redirect(url_for(".show_decision", volunteer_id=volunteer.id))


@bp.route("/decision")
@allows(NEEDS)
def show_decision(volunteer_id: int) -> ResponseReturnValue:
    """What was decided about them, and what can be decided next."""
    volunteer = _volunteer(volunteer_id)
    return page(
        "decisions/show_decision.html",
        volunteer=volunteer,
        offer=queries.latest_offer(volunteer, seen_by=current_user),
        conditions=conditions(volunteer.scheme.settings.to_train(volunteer.route)),
        may_decline=Move.DECLINE.leaves(volunteer.stage) and volunteer.stage is not Stage.TRAINING,
    )


@bp.route("/interviews/<int:interview_id>/offer", methods=["GET", "POST"])
@allows(NEEDS)
def offer_place(volunteer_id: int, interview_id: int) -> ResponseReturnValue:
    """Offer a place, on conditions."""
    interview = _interview(volunteer_id, interview_id)
    volunteer = interview.volunteer
    form = OfferForm(version=volunteer.version)
    status = 200
    if form.validate_on_submit():
        if is_stale(form, volunteer.version):
            status = CONFLICT
        elif accepted(form, services.offer, volunteer, interview=interview, because=form.because.data, by=current_user):
            return _back(volunteer, "A place is offered, and the referees are asked")
    return page(
        "decisions/offer_place.html", status=status, form=form, interview=interview,
        conditions=conditions(volunteer.scheme.settings.to_train(volunteer.route)), refer=must_refer(interview.scores),
    )  # fmt: skip


@bp.route("/decline", methods=["GET", "POST"])
@allows(NEEDS)
def decline_volunteer(volunteer_id: int) -> ResponseReturnValue:
    """Say no, kindly."""
    volunteer = _volunteer(volunteer_id)
    if not Move.DECLINE.leaves(volunteer.stage):
        raise MoveRefused(f"You cannot decline a volunteer who is {volunteer.stage.words.to_staff}")
    form = DeclineForm()
    if form.validate_on_submit() and accepted(
        form, services.decline, volunteer, kind=DeclineKind(form.kind.data), words=form.words.data,
        because=form.because.data, by=current_user,
    ):  # fmt: skip
        return _back(volunteer, "The application is closed, and a letter is on its way")
    return page("decisions/decline_volunteer.html", form=form, volunteer=volunteer)
