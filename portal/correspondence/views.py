"""Pages about everything that was said to somebody, what is for us to tell, and whom nobody has spoken to."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.access import Can, allows
from portal.audit import services as audit
from portal.correspondence import queries, services
from portal.correspondence.forms import ContactForm, LaterForm, TellForm
from portal.correspondence.models import Reached, Way
from portal.volunteers.models import Volunteer
from portal.volunteers.queries import volunteer as find_volunteer
from portal.web.pages import accepted, page

bp = Blueprint("correspondence", __name__)
NEEDS = Can.SEE_CORRESPONDENCE


def _volunteer(volunteer_id: int) -> Volunteer:
    return find_volunteer(volunteer_id, seen_by=current_user, can=NEEDS) or abort(404)


@bp.route("/people/<int:volunteer_id>/messages", methods=["GET", "POST"])
@allows(NEEDS)
def show_messages(volunteer_id: int) -> ResponseReturnValue:
    """Everything that was said to them, how it is safe to reach them, and one form to write more down."""
    volunteer = _volunteer(volunteer_id)
    form = ContactForm()
    if form.validate_on_submit() and accepted(
        form, services.write_down, volunteer, way=Way(form.way.data), reached=Reached(form.reached.data),
        words=form.words.data, by=current_user,
    ):  # fmt: skip
        flash("It is written down", "success")
        return redirect(url_for(".show_messages", volunteer_id=volunteer.id))
    return page(
        "correspondence/show_messages.html", form=form, volunteer=volunteer, lines=queries.timeline(volunteer),
        not_now=queries.not_now(volunteer), last=queries.last_contact(volunteer),
    )  # fmt: skip


@bp.route("/people/<int:volunteer_id>/not-now", methods=["GET", "POST"])
@allows(NEEDS)
def put_off(volunteer_id: int) -> ResponseReturnValue:
    """Nobody needs to be in touch before a day."""
    volunteer = _volunteer(volunteer_id)
    form = LaterForm()
    if form.validate_on_submit() and accepted(
        form, services.write_down, volunteer, way=Way.CALL, reached=Reached.LATER, words=form.words.data,
        quiet_until=form.until.data, by=current_user,
    ):  # fmt: skip
        flash("They are off the list until then", "success")
        return redirect(url_for(".list_silent"))
    return page("correspondence/put_off.html", form=form, volunteer=volunteer, last=queries.last_contact(volunteer))


@bp.route("/to-tell")
@allows(NEEDS)
def list_to_tell() -> ResponseReturnValue:
    """What is for us to tell, by phone or by post."""
    rows, found = queries.to_tell(seen_by=current_user, after=request.args.get("after"))
    return page("correspondence/list_to_tell.html", rows=rows, found=found)


@bp.route("/to-tell/<int:message_id>", methods=["GET", "POST"])
@allows(NEEDS)
def tell_message(message_id: int) -> ResponseReturnValue:
    """What to say, how it is safe to say it, and what came of it."""
    message, volunteer = queries.one_to_tell(message_id, seen_by=current_user) or abort(404)
    form = TellForm(way=Way.CALL.value if message.to_address else Way.LETTER.value)
    if form.validate_on_submit() and accepted(
        form, services.tell, message, volunteer, way=Way(form.way.data), reached=Reached(form.reached.data),
        words=form.words.data, by=current_user,
    ):  # fmt: skip
        audit.did(
            "message", by=current_user, row_id=message.id, scheme_id=volunteer.scheme_id, purpose="Told, or tried"
        )
        flash("It is written down", "success")
        return redirect(url_for(".list_to_tell"))
    return page(
        "correspondence/tell_message.html", form=form, message=message, volunteer=volunteer,
        not_now=queries.not_now(volunteer), subject=queries.readable(volunteer, message.subject),
        words=queries.readable(volunteer, message.words or ""),
    )  # fmt: skip


@bp.route("/to-tell/<int:message_id>/letter")
@allows(NEEDS)
def print_letter(message_id: int) -> ResponseReturnValue:
    """The whole letter, to print and post."""
    message, volunteer = queries.one_to_tell(message_id, seen_by=current_user) or abort(404)
    volunteer.refuse_while_blind()
    return page("correspondence/print_letter.html", message=message, volunteer=volunteer)


@bp.route("/nobody-in-touch")
@allows(NEEDS)
def list_silent() -> ResponseReturnValue:
    """Whom nobody has been in touch with, the longest silence first."""
    return page("correspondence/list_silent.html", people=queries.silent(seen_by=current_user))
