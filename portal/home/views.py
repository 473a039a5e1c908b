"""The first page: for a visitor, for each role, and for a volunteer their own journey."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.access import Can, allows
from portal.audit.rules import Outsider
from portal.decisions import services as decisions
from portal.decisions.forms import StopForm
from portal.decisions.queries import may_undo, own_conditions, told_decline
from portal.decisions.rules import DeclineKind
from portal.home import queries, services
from portal.home.forms import LostLinkForm
from portal.home.rules import checks_in_words, next_step, way_here
from portal.refusals import Refused
from portal.volunteers.journey import Move, Stage
from portal.volunteers.queries import own_volunteer, volunteer_by_where_token, where_ends_on
from portal.web.limits import GUESSABLE, limiter
from portal.web.pages import page

bp = Blueprint("home", __name__)
BY_LINK = Outsider("Applicant by link")
GONE = 410
# Only what opened nothing, or asked for a link, is counted: whoever has a link may use it as often as they like.
guessable = limiter.shared_limit(
    GUESSABLE, scope="where somebody is", deduct_when=lambda response: response.status_code in {GONE, 302}
)


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
    settings, decline = volunteer.scheme.settings, told_decline(volunteer)
    to_train, to_approve = settings.to_train(volunteer.route), settings.gates_to_approve
    return page(
        "home/show_my_journey.html", volunteer=volunteer,
        step=next_step(volunteer.stage, own.gates, to_train=to_train, to_approve=to_approve, facts=own.facts),
        way=way_here(volunteer.stage), checks=checks_in_words(volunteer.stage, own.gates, {*to_train, *to_approve}),
        links=queries.own_links(volunteer), may_withdraw=Move.WITHDRAW.leaves(volunteer.stage),
        decline=decline, reason=DeclineKind(decline.kind).to_applicant if decline else "", undo=may_undo(volunteer),
        own_conditions=own_conditions(volunteer) if volunteer.stage is Stage.OFFERED else [],
        reply_by=own.facts.reply_by, practitioners=own.practitioners,
        to_do=list(queries.referees_to_do(volunteer)),
    )  # fmt: skip


@bp.route("/where/<token>")
@allows(Can.VISIT)
@guessable
def show_where(token: str) -> ResponseReturnValue:
    """Where somebody is, by a link and without a name: one sentence, one next step, whom to ring."""
    volunteer = volunteer_by_where_token(token)
    if volunteer is None:
        return page("home/where_is_closed.html", status=GONE)
    found = queries.where(volunteer)
    return page(
        "home/show_where.html", token=token, sentence=found.sentence, words=found.words, reply_by=found.reply_by,
        to_do=found.to_do,
        decline=told_decline(volunteer), undo=may_undo(volunteer), may_stop=Move.WITHDRAW.leaves(volunteer.stage),
        phone=volunteer.scheme.phone, ends_on=where_ends_on(token), recommendation=found.recommendation,
    )  # fmt: skip


@bp.route("/where/<token>/stop", methods=["GET", "POST"])
@allows(Can.VISIT)
@guessable
def stop_by_link(token: str) -> ResponseReturnValue:
    """They stop for now, by their link."""
    volunteer = volunteer_by_where_token(token)
    if volunteer is None:
        return page("home/where_is_closed.html", status=GONE)
    if not Move.WITHDRAW.leaves(volunteer.stage):
        return redirect(url_for(".show_where", token=token))
    form = StopForm()
    if form.validate_on_submit():
        decisions.withdraw(volunteer, reasons=form.why(), their_words=form.because.data, by=BY_LINK)
        return redirect(url_for(".show_where", token=token))
    return page(
        "home/stop_by_link.html", form=form, token=token, phone=volunteer.scheme.phone,
        days=volunteer.scheme.settings.withdrawal_undo_days,
    )  # fmt: skip


@bp.route("/where/<token>/undo", methods=["POST"])
@allows(Can.VISIT)
@guessable
def undo_by_link(token: str) -> ResponseReturnValue:
    """They go on after all, by their link."""
    volunteer = volunteer_by_where_token(token)
    if volunteer is None:
        return page("home/where_is_closed.html", status=GONE)
    try:
        words = decisions.undo(volunteer, by=BY_LINK)
    except Refused as refused:
        words = list(refused.reasons)
        flash(". ".join(words), "warning")
        return redirect(url_for(".show_where", token=token))
    flash("Welcome back", "success")
    for each in words:
        flash(each, "message")
    return redirect(url_for(".show_where", token=token))


@bp.route("/where", methods=["GET", "POST"])
@allows(Can.VISIT)
@guessable
def ask_where() -> ResponseReturnValue:
    """The link again, to the address or number that we know. The answer is always the same."""
    form = LostLinkForm()
    if form.validate_on_submit():
        services.send_where(form.contact.data)
        return redirect(url_for(".ask_where", asked=1))
    return page("home/ask_where.html", form=form, asked=bool(request.args.get("asked")) and not form.is_submitted())


@bp.route("/accessibility")
@allows(Can.VISIT)
def show_accessibility() -> ResponseReturnValue:
    """How well this can be used by everybody, and whom to tell when it cannot."""
    return page("home/show_accessibility.html")
