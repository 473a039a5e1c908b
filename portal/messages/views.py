"""The outbox: what was sent, what failed; and in the demonstration, an inbox to read it all in."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.access import Can, allows
from portal.messages import queries, services
from portal.messages.models import MessageState
from portal.web.pages import page

bp = Blueprint("messages", __name__, url_prefix="/outbox")


@bp.route("")
@allows(Can.SEE_OUTBOX)
def list_messages() -> ResponseReturnValue:
    """What was sent in one's schemes, what waits and what failed."""
    states = {state.value: state for state in MessageState}
    state = states.get(request.args.get("state", ""))
    found = queries.messages(seen_by=current_user, state=state, after=request.args.get("after"))
    return page("messages/list_messages.html", messages=found, states=list(MessageState), state=state)


@bp.route("/<int:message_id>/try-again", methods=["POST"])
@allows(Can.SEE_OUTBOX)
def try_again(message_id: int) -> ResponseReturnValue:
    """Queue a message that was given up once more."""
    message = queries.message(message_id, seen_by=current_user) or abort(404)
    services.try_again(message, by=current_user)
    flash("The message will be sent again in a moment", "success")
    return redirect(url_for(".list_messages"))


@bp.route("/read")
@allows(Can.VISIT)
def read_messages() -> ResponseReturnValue:
    """The demonstration's inbox: everybody's messages, so that a newcomer can follow links and codes."""
    if not current_app.config["SETTINGS"].demo:
        abort(404)
    to = request.args.get("to", "").replace("\0", "").strip()
    found = queries.waiting_letters(to=to, after=request.args.get("after"))
    return page("messages/read_messages.html", messages=found, to=to)
