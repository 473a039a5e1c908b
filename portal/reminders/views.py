"""Pages of what waits: the work list, one reference's days, and the applicant's list and form for an address."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.access import Can, allows
from portal.applications.forms import RefereeForm
from portal.applications.services import recommender_of
from portal.audit import services as audit
from portal.audit.rules import Outsider
from portal.references import services as references
from portal.references.models import WAITING, Reference
from portal.references.queries import own_application, reference_by_another_link
from portal.references.queries import reference as find_reference
from portal.refusals import Refused
from portal.reminders import queries, services
from portal.reminders.forms import AddressForm
from portal.volunteers.queries import own_volunteer
from portal.web.limits import GUESSABLE, limiter
from portal.web.pages import accepted, page

bp = Blueprint("reminders", __name__)
NEEDS = Can.SEE_REFERENCES
GONE = 410
ONE = "/people/<int:volunteer_id>/references/<int:reference_id>"


@bp.route("/references")
@allows(NEEDS)
def list_waiting() -> ResponseReturnValue:
    """Whom to ring, what came back, what to check, and who has not answered, over all people."""
    return page("reminders/list_waiting.html", waiting=queries.waiting(seen_by=current_user))


def _one(volunteer_id: int, reference_id: int) -> Reference:
    return find_reference(reference_id, volunteer_id=volunteer_id, seen_by=current_user) or abort(404)


@bp.route(f"{ONE}/timeline")
@allows(NEEDS)
def show_timeline(volunteer_id: int, reference_id: int) -> ResponseReturnValue:
    """What happened to one reference, and what comes next by itself."""
    reference = _one(volunteer_id, reference_id)
    return page(
        "reminders/show_timeline.html", reference=reference, lines=queries.timeline(reference),
        to_come=queries.to_come(reference),
    )  # fmt: skip


@bp.route(f"{ONE}/remind", methods=["POST"])
@allows(NEEDS)
def remind_now(volunteer_id: int, reference_id: int) -> ResponseReturnValue:
    """Remind the referee today."""
    return _done(_one(volunteer_id, reference_id), services.remind_now, "They are reminded. Once a day is the most")


@bp.route(f"{ONE}/quiet", methods=["POST"])
@allows(NEEDS)
def stop_reminding(volunteer_id: int, reference_id: int) -> ResponseReturnValue:
    """Remind nobody of it by itself."""
    return _done(_one(volunteer_id, reference_id), services.stop_reminding, "Nobody is reminded of it any more")


@bp.route(f"{ONE}/go-on", methods=["POST"])
@allows(NEEDS)
def go_on_reminding(volunteer_id: int, reference_id: int) -> ResponseReturnValue:
    """Let the reminders go on."""
    return _done(_one(volunteer_id, reference_id), services.go_on_reminding, "The reminders go on")


@bp.route(f"{ONE}/no-answer", methods=["POST"])
@allows(NEEDS)
def note_no_answer(volunteer_id: int, reference_id: int) -> ResponseReturnValue:
    """Somebody rang, and nobody answered."""
    return _done(_one(volunteer_id, reference_id), services.note_no_answer, "Noted. We put them on the list again")


@bp.route(f"{ONE}/came-back", methods=["POST"])
@allows(NEEDS)
def note_came_back(volunteer_id: int, reference_id: int) -> ResponseReturnValue:
    """Somebody knows that the address does not work, before any mail server says so."""
    words = "The link is closed, and the applicant is asked for another address"
    return _done(_one(volunteer_id, reference_id), services.came_back, words)


@bp.route(f"{ONE}/another", methods=["POST"])
@allows(NEEDS)
def ask_for_another(volunteer_id: int, reference_id: int) -> ResponseReturnValue:
    """Ask the applicant to name somebody else in this one's place."""
    words = "They are asked for somebody else, by a link. They are not told why"
    return _done(_one(volunteer_id, reference_id), references.ask_for_another, words)


def _done(reference: Reference, verb: Callable[..., None], words: str) -> ResponseReturnValue:
    try:
        verb(reference, by=current_user)
    except Refused as refused:
        flash(str(refused), "warning")
    else:
        flash(words, "success")
    return redirect(url_for(".show_timeline", volunteer_id=reference.volunteer_id, reference_id=reference.id))


# For the applicant


@bp.route("/my/referees")
@allows(Can.OWN_JOURNEY)
def show_my_referees() -> ResponseReturnValue:
    """Whom we have asked; and what they said, where they let it be read and all is decided."""
    volunteer = own_volunteer(current_user) or abort(404)
    return page(
        "reminders/show_my_referees.html", lines=queries.own_references(volunteer), volunteer=volunteer,
        name_path=queries.name_wanted(volunteer),
    )  # fmt: skip


@bp.route("/referees/<address_token>", methods=["GET", "POST"])
@allows(Can.VISIT)
@limiter.limit(GUESSABLE, methods=["POST"])
def give_address(address_token: str) -> ResponseReturnValue:
    """The applicant gives another address for somebody they named."""
    reference = queries.reference_by_address_link(address_token)
    if reference is None or reference.bounced_at is None or reference.state not in WAITING:
        return page("reminders/address_closed.html", status=GONE)
    volunteer = reference.volunteer
    form = AddressForm(data={"phone": reference.referee.phone})
    form.dead = reference.referee.email
    audit.acting(Outsider(f"{volunteer.name} (applicant {volunteer.reference})"))
    if form.validate_on_submit() and accepted(
        form, services.give_address, reference, email=form.email.data, phone=form.phone.data,
        by=Outsider(volunteer.name),
    ):  # fmt: skip
        return redirect(url_for(".thank_for_address"))
    scheme_name = "" if volunteer.contact.hide_scheme_name else volunteer.scheme.name
    return page("reminders/give_address.html", form=form, reference=reference, scheme_name=scheme_name)


@bp.route("/referees/another/<another_token>", methods=["GET", "POST"])
@allows(Can.VISIT)
@limiter.limit(GUESSABLE, methods=["POST"])
def name_another(another_token: str) -> ResponseReturnValue:
    """The applicant names somebody else who can speak for them, by the rules of the application."""
    lost = reference_by_another_link(another_token)
    application = own_application(lost.volunteer) if lost else None
    if lost is None or application is None:
        return page("reminders/address_closed.html", status=GONE)
    volunteer, form = lost.volunteer, RefereeForm()
    form.about = application
    audit.acting(Outsider(f"{volunteer.name} (applicant {volunteer.reference})"))
    if form.validate_on_submit() and accepted(
        form, references.name_another, volunteer, **form.answers(), by=Outsider(volunteer.name)
    ):
        return redirect(url_for(".thank_for_address"))
    scheme_name = "" if volunteer.contact.hide_scheme_name else volunteer.scheme.name
    return page(
        "reminders/name_another.html", form=form, lost=lost, recommender=recommender_of(application),
        scheme_name=scheme_name,
    )  # fmt: skip


@bp.route("/referees/thank-you")
@allows(Can.VISIT)
def thank_for_address() -> ResponseReturnValue:
    """It is with us."""
    return page("reminders/thank_for_address.html")
