"""A learner's plan for staff and for the learner, and who must not share a group with whom."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.access import Can, allows
from portal.database import kept_apart
from portal.support import queries, services
from portal.support.forms import CommentForm, KeepApartForm, OpenForm, PlanForm, SearchForm, shown
from portal.support.models import KeptApart
from portal.support.services import PlanRefused
from portal.volunteers.models import Volunteer
from portal.volunteers.queries import own_volunteer
from portal.volunteers.queries import people as find_people
from portal.volunteers.queries import volunteer as find_volunteer
from portal.web.pages import CONFLICT, OK, accepted, is_stale, page

bp = Blueprint("support", __name__)


@bp.route("/support-plans")
@allows(Can.PLAN_SUPPORT)
def list_plans() -> ResponseReturnValue:
    """The plans to look at again: their day has come, or the learner asked for it."""
    return page("support/list_plans.html", plans=queries.plans_to_review(seen_by=current_user))


@bp.route("/people/<int:volunteer_id>/support", methods=["GET", "POST"])
@allows(Can.PLAN_SUPPORT)
def edit_plan(volunteer_id: int) -> ResponseReturnValue:
    """What helps this person to learn, agreed with them."""
    volunteer = _person(volunteer_id, Can.PLAN_SUPPORT)
    plan = queries.plan_of(volunteer, seen_by=current_user)
    form = PlanForm(data=shown(plan, volunteer))
    form.offer(queries.staff_of(volunteer), plan)
    status, differences = OK, []
    if form.validate_on_submit():
        if is_stale(form, plan.version if plan else 0):
            status, differences = CONFLICT, form.differences(plan, volunteer)
        else:
            try:
                services.save_plan(volunteer, plan, form.agreed(), by=current_user)
            except PlanRefused as refused:
                form.refuse(refused.at)
            else:
                flash("The plan is saved", "success")
                return redirect(url_for(".edit_plan", volunteer_id=volunteer.id))
    apart = queries.kept_apart_from(volunteer, seen_by=current_user)
    return page(
        "support/edit_plan.html", status=status, form=form, volunteer=volunteer, plan=plan, differences=differences,
        apart=[_other(pair, volunteer).name for pair in apart if pair.ended_at is None],
    )  # fmt: skip


@bp.route("/my/support", methods=["GET", "POST"])
@allows(Can.OWN_JOURNEY)
def show_my_plan() -> ResponseReturnValue:
    """The learner's own plan: what it says, who sees it, and what they say about it."""
    volunteer = own_volunteer(current_user) or abort(404)
    plan = queries.own_plan(volunteer)
    form = CommentForm(
        data={"comment": plan.comment if plan else "", "asks_for_change": bool(plan and plan.change_asked_at)}
    )
    if form.validate_on_submit() and accepted(
        form, services.comment, volunteer, words=form.comment.data, asks_for_change=form.asks_for_change.data,
        by=current_user,
    ):  # fmt: skip
        flash("Thank you. Your coordinator can read it", "success")
        return redirect(url_for(".show_my_plan"))
    may_see = plan.may_trainers_see if plan else volunteer.may_share_access_needs
    return page("support/show_my_plan.html", form=form, volunteer=volunteer, plan=plan, may_see=may_see)


@bp.route("/my/support/sharing", methods=["POST"])
@allows(Can.OWN_JOURNEY)
def say_who_may_see() -> ResponseReturnValue:
    """The learner lets their trainers see it, or takes that back."""
    volunteer = own_volunteer(current_user) or abort(404)
    may = request.form.get("may_trainers_see") == "yes"
    services.say_who_may_see(volunteer, may_trainers_see=may, by=current_user)
    flash("Your trainers can see it now" if may else "Your trainers cannot see it any more", "success")
    return redirect(url_for(".show_my_plan"))


@bp.route("/people/<int:volunteer_id>/kept-apart")
@allows(Can.KEEP_APART)
def list_kept_apart(volunteer_id: int) -> ResponseReturnValue:
    """With whom this person must not share a group, and the search for somebody else."""
    volunteer = _person(volunteer_id)
    form, found = SearchForm(request.args), None
    if "search" in request.args and form.validate() and form.search.data:
        found = find_people(seen_by=current_user, search=form.search.data, scheme_id=volunteer.scheme_id)
    pairs = queries.kept_apart_from(volunteer, seen_by=current_user)
    known = {volunteer.id, *(_other(pair, volunteer).id for pair in pairs if pair.ended_at is None)}
    return page(
        "support/list_kept_apart.html", form=form, volunteer=volunteer, found=found, known=known,
        pairs=[(pair, _other(pair, volunteer)) for pair in pairs], may_read=current_user.may(Can.READ_KEPT_APART),
    )  # fmt: skip


@bp.route("/people/<int:volunteer_id>/kept-apart/<int:other_id>", methods=["GET", "POST"])
@allows(Can.KEEP_APART)
def keep_apart(volunteer_id: int, other_id: int) -> ResponseReturnValue:
    """Say that these two must not share a group."""
    volunteer, other = _person(volunteer_id), _person(other_id)
    form = KeepApartForm()
    if form.validate_on_submit() and accepted(
        form, services.keep_apart, volunteer, other, because=form.because.data, by=current_user
    ):
        flash(f"{volunteer.name} and {other.name} must not share a group. Whoever enrols them is warned", "success")
        return redirect(url_for(".list_kept_apart", volunteer_id=volunteer.id))
    return page("support/keep_apart.html", form=form, volunteer=volunteer, other=other)


@bp.route("/kept-apart/<int:pair_id>/reason", methods=["GET", "POST"])
@allows(Can.READ_KEPT_APART)
def read_kept_apart(pair_id: int) -> ResponseReturnValue:
    """Why two people must not share a group: on this one answer only, for a purpose that is kept for good."""
    pair = queries.pair(pair_id, seen_by=current_user, can=Can.READ_KEPT_APART) or abort(404)
    form, because = OpenForm(), None
    if form.validate_on_submit():
        with kept_apart():  # the line about who read it must stay, though this page is no redirect
            because = services.open_reason(pair, purpose=form.purpose.data, by=current_user)
        pair = queries.pair(pair_id, seen_by=current_user, can=Can.READ_KEPT_APART) or abort(404)
    return page("support/read_kept_apart.html", form=form, pair=pair, because=because)


@bp.route("/kept-apart/<int:pair_id>/end", methods=["POST"])
@allows(Can.KEEP_APART)
def end_kept_apart(pair_id: int) -> ResponseReturnValue:
    """They may share a group again."""
    pair = queries.pair(pair_id, seen_by=current_user) or abort(404)
    services.end(pair, by=current_user)
    flash(f"{pair.one.name} and {pair.other.name} may share a group again", "success")
    mine = find_volunteer(pair.one_id, seen_by=current_user, can=Can.KEEP_APART)
    return redirect(url_for(".list_kept_apart", volunteer_id=pair.one_id if mine else pair.other_id))


def _person(volunteer_id: int, can: Can = Can.KEEP_APART) -> Volunteer:
    return find_volunteer(volunteer_id, seen_by=current_user, can=can) or abort(404)


def _other(pair: KeptApart, volunteer: Volunteer) -> Volunteer:
    return pair.other if pair.one_id == volunteer.id else pair.one
