"""The outbox: what was sent, what failed; and in the demonstration, an inbox to read it all in."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.access import Can, allows
from portal.carriers.rules import Carrier
from portal.messages.models import MessageState
from portal.outbox import forms, queries, services
from portal.web import callers
from portal.web.limits import limiter
from portal.web.pages import UNPROCESSABLE, page
from portal.web.requests import keeps_what_it_answers

bp = Blueprint("outbox", __name__, url_prefix="/outbox")


@bp.record_once
def _let_receipts_in(state: Any) -> None:
    """A service that hands in receipts has no page to take a token from: it proves itself with a secret of its own."""
    state.app.extensions["csrf"].exempt(take_in_receipt)


@bp.route("")
@allows(Can.SEE_OUTBOX)
def list_messages() -> ResponseReturnValue:
    """What was sent in one's schemes, what waits and what failed."""
    states = {state.value: state for state in MessageState}
    state = states.get(request.args.get("state", ""))
    carriers = {carrier.value: carrier for carrier in Carrier}
    carrier = carriers.get(request.args.get("by", ""))
    is_bounced = request.args.get("bounced") == "1"
    found = queries.messages(
        seen_by=current_user, state=state, carrier=carrier, is_bounced=is_bounced, after=request.args.get("after")
    )
    return page(
        "outbox/list_messages.html", messages=found, states=list(MessageState), state=state,
        carriers=list(Carrier), carrier=carrier, is_bounced=is_bounced,
    )  # fmt: skip


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
    return page("outbox/read_messages.html", messages=found, to=to)


@bp.route("/receipts", methods=["POST"])
@limiter.limit("600 per minute")
@allows(Can.VISIT)
@keeps_what_it_answers
def take_in_receipt() -> ResponseReturnValue:
    """Where GOV.UK Notify says what became of our texts (docs/texts.md)."""
    if no := callers.refused(current_app.config["SETTINGS"].texts_token, name="TEXTS_TOKEN"):
        return no
    try:
        receipt = forms.read(request.get_data())
    except forms.ReceiptUnreadable as wrong:
        return jsonify(refused=str(wrong)), UNPROCESSABLE
    known = services.note_receipt(receipt.reference, carried_as=receipt.notify_id, status=receipt.status)
    return jsonify(taken=known)
