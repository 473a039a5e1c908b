"""The readiness board, approving, and the pool with its breaks and leavings."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.access import Can, allows
from portal.messages.services import must_be_told
from portal.pool import queries, services
from portal.pool.forms import ApproveForm, BoardFilter, LeaveForm, PoolFilter, RestForm, WelcomeBackForm
from portal.pool.rules import HEADS, reasons_not_to_approve, standing
from portal.volunteers.journey import Move, Stage
from portal.volunteers.models import Volunteer
from portal.volunteers.queries import areas_seen_by
from portal.volunteers.queries import volunteer as find_volunteer
from portal.volunteers.rules import MoveRefused
from portal.web.pages import CONFLICT, OK, accepted, is_stale, page

bp = Blueprint("pool", __name__)


def _volunteer(volunteer_id: int, can: Can) -> Volunteer:
    return find_volunteer(volunteer_id, seen_by=current_user, can=can) or abort(404)


def _may_make(move: Move, volunteer: Volunteer) -> Volunteer:
    if not move.leaves(volunteer.stage):
        raise MoveRefused(f"You cannot {move.step.verb} a volunteer who is {volunteer.stage.words.to_staff}")
    return volunteer


def _done(volunteer: Volunteer, words: str, endpoint: str = "volunteers.show_volunteer") -> Response:
    flash(words, "success")
    if must_be_told(volunteer.id):
        flash("No email or text reaches them. Ring them, or write to them", "warning")
    return redirect(url_for(endpoint, volunteer_id=volunteer.id))


def _confirm(
    template: str, form: Any, volunteer: Volunteer, verb: Any, words: str, *, back: str, **answers: Any
) -> ResponseReturnValue:
    """A small page that asks once more, for any move of one person."""
    status = OK
    if form.validate_on_submit():
        if is_stale(form, volunteer.version):
            status = CONFLICT
        elif accepted(form, verb, volunteer, because=form.because.data, by=current_user, **answers):
            return _done(volunteer, words, back)
    return page(template, status=status, form=form, volunteer=volunteer)


@bp.route("/readiness")
@allows(Can.SEE_PEOPLE)
def show_readiness_board() -> ResponseReturnValue:
    """Everybody on the way to the pool, what is met, and who holds what is left."""
    form = BoardFilter(request.args)
    form.area.choices = _area_choices(Can.SEE_PEOPLE)
    if not form.validate():
        return page("pool/show_readiness_board.html", form=form, board=None, asked={})
    board = queries.board(
        seen_by=current_user, stage=Stage(form.stage.data) if form.stage.data else None,
        area_id=int(form.area.data) if form.area.data else None, after=request.args.get("after"),
    )  # fmt: skip
    groups = [(stage, list(rows)) for stage, rows in groupby(board.items, key=lambda row: row.stage)]
    columns = {key: words for key, words in HEADS.items() if any(row.gates[key] for row in board.items)}
    return page(
        "pool/show_readiness_board.html", form=form, board=board, groups=groups, columns=columns,
        asked=_asked(form, "stage", "area"),
    )  # fmt: skip


def _area_choices(can: Can) -> list[tuple[str, str]]:
    return [("", "All areas"), *((str(area.id), area.name) for area in areas_seen_by(current_user, can=can))]


def _asked(form: Any, *names: str) -> dict[str, str]:
    return {name: form[name].data for name in names if form[name].data}


@bp.route("/people/<int:volunteer_id>/readiness")
@allows(Can.SEE_PEOPLE)
def show_readiness(volunteer_id: int) -> ResponseReturnValue:
    """Every gate of one person: how it stands, who holds it, since when, and why."""
    volunteer = _volunteer(volunteer_id, Can.SEE_PEOPLE)
    gates = queries.readiness([volunteer], current_user)[volunteer.id]
    required = volunteer.scheme.settings.gates_to_approve
    return page(
        "pool/show_readiness.html", volunteer=volunteer, gates=gates, required=required,
        standing=standing(gates, required), to_train=volunteer.scheme.settings.to_train(volunteer.route),
        may_approve=Move.APPROVE.leaves(volunteer.stage) and current_user.may(Can.APPROVE),
        is_approved=current_user.may(Can.SEE_POOL) and bool(queries.approvals(volunteer)),
    )  # fmt: skip


@bp.route("/people/<int:volunteer_id>/approve", methods=["GET", "POST"])
@allows(Can.APPROVE)
def approve(volunteer_id: int) -> ResponseReturnValue:
    """Let somebody start as a mentor, with every gate before one's eyes."""
    volunteer = _may_make(Move.APPROVE, _volunteer(volunteer_id, Can.APPROVE))
    form = ApproveForm(version=volunteer.version)
    status = OK
    if form.validate_on_submit():
        if is_stale(form, volunteer.version):
            status = CONFLICT
        elif accepted(
            form, services.approve, volunteer, because=form.because.data, conditions=form.conditions.data,
            by=current_user,
        ):  # fmt: skip
            return _done(volunteer, f"{volunteer.name} is an active mentor", ".show_approval")
    gates = queries.readiness([volunteer], current_user)[volunteer.id]
    settings = volunteer.scheme.settings
    reasons = reasons_not_to_approve(
        gates, required=settings.gates_to_approve, because="not asked yet", approver_id=current_user.id,
        own_id=volunteer.user_id, assessor_ids=queries.assessors_of(volunteer), four_eyes=settings.four_eyes,
    )  # fmt: skip
    return page(
        "pool/approve.html", status=status, form=form, volunteer=volunteer, gates=gates, reasons=reasons,
        required=settings.gates_to_approve,
    )  # fmt: skip


@bp.route("/people/<int:volunteer_id>/approval")
@allows(Can.SEE_POOL)
def show_approval(volunteer_id: int) -> ResponseReturnValue:
    """Why somebody was approved, as it was decided then, however long ago."""
    volunteer = _volunteer(volunteer_id, Can.SEE_POOL)
    return page("pool/show_approval.html", volunteer=volunteer, approvals=queries.approvals(volunteer))


@bp.route("/pool")
@allows(Can.SEE_POOL)
def list_pool() -> ResponseReturnValue:
    """The active mentors, and apart from them those on a break."""
    form = PoolFilter(request.args)
    form.area.choices = _area_choices(Can.SEE_POOL)
    if not form.validate():
        return page("pool/list_pool.html", form=form, active=None, resting=None, asked={})
    area_id, free = int(form.area.data) if form.area.data else None, form.free.data
    active = queries.pool(seen_by=current_user, area_id=area_id, free=free, after=request.args.get("after"))
    resting = queries.pool(
        seen_by=current_user, stage=Stage.RESTING, area_id=area_id, free=free, after=request.args.get("resting_after")
    )
    return page(
        "pool/list_pool.html", form=form, active=active, resting=resting, asked=_asked(form, "area", "free"),
        may_change=current_user.may(Can.DECIDE_APPLICATIONS), may_return=current_user.may(Can.APPROVE),
    )  # fmt: skip


@bp.route("/people/<int:volunteer_id>/rest", methods=["GET", "POST"])
@allows(Can.DECIDE_APPLICATIONS)
def rest(volunteer_id: int) -> ResponseReturnValue:
    """They take a break."""
    volunteer = _may_make(Move.REST, _volunteer(volunteer_id, Can.DECIDE_APPLICATIONS))
    words = f"{volunteer.name} is on a break"
    form = RestForm(version=volunteer.version)
    return _confirm("pool/rest.html", form, volunteer, services.rest, words, back="volunteers.show_volunteer")


@bp.route("/people/<int:volunteer_id>/welcome-back", methods=["GET", "POST"])
@allows(Can.APPROVE)
def welcome_back(volunteer_id: int) -> ResponseReturnValue:
    """They come back from a break."""
    volunteer = _may_make(Move.RETURN, _volunteer(volunteer_id, Can.APPROVE))
    words = f"{volunteer.name} is an active mentor again"
    form = WelcomeBackForm(version=volunteer.version)
    return _confirm(
        "pool/welcome_back.html", form, volunteer, services.welcome_back, words, back="volunteers.show_volunteer"
    )


@bp.route("/people/<int:volunteer_id>/leave", methods=["GET", "POST"])
@allows(Can.DECIDE_APPLICATIONS)
def leave(volunteer_id: int) -> ResponseReturnValue:
    """They leave the scheme."""
    volunteer = _may_make(Move.LEAVE, _volunteer(volunteer_id, Can.DECIDE_APPLICATIONS))
    form = LeaveForm(version=volunteer.version)
    return _confirm(
        "pool/leave.html", form, volunteer, services.leave, f"{volunteer.name} has left",
        back="volunteers.show_volunteer", referral_considered=form.referral_considered.data == "yes",
        referral_because=form.referral_because.data,
    )  # fmt: skip
