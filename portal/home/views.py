"""The first page: for a visitor, for each role, and for a volunteer their own journey."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.access import Can, allows
from portal.home import queries
from portal.home.rules import checks_in_words, next_step, way_here
from portal.volunteers.journey import Move
from portal.volunteers.queries import own_volunteer
from portal.web.pages import page

bp = Blueprint("home", __name__)


@bp.route("/")
@allows(Can.VISIT)
def show_front() -> ResponseReturnValue:
    """What this is, and the ways in. Whoever is signed in goes straight to their work."""
    if current_user.is_authenticated:
        return redirect(url_for(".show_start"))
    return page("home/show_front.html", schemes=queries.open_schemes())


@bp.route("/start")
@allows(Can.SIGNED_IN)
def show_start() -> ResponseReturnValue:
    """What waits for whoever is signed in, the oldest first; a volunteer goes to their own page."""
    if current_user.may(Can.OWN_JOURNEY) and not current_user.is_staff:
        return redirect(url_for(".show_my_journey"))
    return page(
        "home/show_start.html", blocks=queries.blocks(current_user), today=queries.today(current_user),
        catch_ups=queries.catch_ups(current_user),
    )  # fmt: skip


@bp.route("/my")
@allows(Can.OWN_JOURNEY)
def show_my_journey() -> ResponseReturnValue:
    """A volunteer's own page: one sentence, one next step, whom to ring, and how far they are."""
    volunteer = own_volunteer(current_user) or abort(404)
    own = queries.own_journey(volunteer, seen_by=current_user)
    settings = volunteer.scheme.settings
    to_train, to_approve = settings.to_train(volunteer.route), settings.gates_to_approve
    return page(
        "home/show_my_journey.html", volunteer=volunteer,
        step=next_step(volunteer.stage, own.gates, to_train=to_train, to_approve=to_approve, facts=own.facts),
        way=way_here(volunteer.stage), checks=checks_in_words(volunteer.stage, own.gates, {*to_train, *to_approve}),
        links=queries.own_links(volunteer.stage), may_withdraw=Move.WITHDRAW.leaves(volunteer.stage),
    )  # fmt: skip


@bp.route("/accessibility")
@allows(Can.VISIT)
def show_accessibility() -> ResponseReturnValue:
    """How well this can be used by everybody, and whom to tell when it cannot."""
    return page("home/show_accessibility.html")
