"""Pages for coming back: a new link, the link itself, and no more reminders."""

from __future__ import annotations

from flask import Blueprint, redirect, session, url_for
from flask.typing import ResponseReturnValue

from portal.access import Can, allows
from portal.applications.views import acting_on, take_in_hand
from portal.returning import queries, services
from portal.returning.forms import LostForm
from portal.web.fields import Form
from portal.web.limits import GUESSABLE, limiter
from portal.web.pages import page

bp = Blueprint("returning", __name__)
GONE = 410


@bp.route("/application/lost-code", methods=["GET", "POST"])
@allows(Can.VISIT)
@limiter.limit(GUESSABLE, methods=["POST"])
def ask_for_link() -> ResponseReturnValue:
    """Somebody lost their code: the same answer for every address, whether we know it or not."""
    form = LostForm()
    if form.validate_on_submit():
        services.send_link(form.reached_at.data)
        return redirect(url_for(".show_on_its_way"))
    return page("returning/ask_for_link.html", form=form)


@bp.route("/application/lost-code/on-its-way")
@allows(Can.VISIT)
def show_on_its_way() -> ResponseReturnValue:
    """Look at your messages."""
    return page("returning/show_on_its_way.html")


@bp.route("/application/come-back/<token>")
@allows(Can.VISIT)
def come_back(token: str) -> ResponseReturnValue:
    """The link: back to the application, on whatever device."""
    application = queries.application_by_link(token)
    if application is None:
        return page("returning/link_gone.html", status=GONE)
    session.pop("return_code", None)
    take_in_hand(application)
    return redirect(url_for("applications.show_my_application"))


@bp.route("/application/no-more-reminders/<token>", methods=["GET", "POST"])
@allows(Can.VISIT)
@limiter.limit(GUESSABLE, methods=["POST"])
def stop_reminders(token: str) -> ResponseReturnValue:
    """They want to hear no more of it; what they wrote is kept for as long as their code works."""
    application = queries.application_by_link(token)
    if application is None:
        return page("returning/link_gone.html", status=GONE)
    form = Form()
    if form.validate_on_submit():
        acting_on(application)
        services.stop_reminders(application)
        return redirect(url_for(".show_stopped"))
    return page("returning/stop_reminders.html", form=form, application=application)


@bp.route("/application/reminders-stopped")
@allows(Can.VISIT)
def show_stopped() -> ResponseReturnValue:
    """They hear no more of it."""
    return page("returning/show_stopped.html")
