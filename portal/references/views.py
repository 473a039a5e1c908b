"""Pages for referees, who come by link and have no account, and for the staff who read and check references."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal import clock
from portal.access import Can, allows
from portal.applications.models import Relation
from portal.audit import services as audit
from portal.audit.rules import Outsider
from portal.files.services import keep
from portal.files.views import download
from portal.references import queries, services
from portal.references.forms import (
    AnswersForm,
    ByLetterForm,
    ByPhoneForm,
    ConcernForm,
    EmptyForm,
    RefereeForm,
    SendAgainForm,
    StartForm,
    VerifyForm,
)
from portal.references.models import CameBy, Reference, ReferenceState
from portal.references.rules import Answers
from portal.references.services import Told
from portal.volunteers.models import Volunteer
from portal.volunteers.queries import volunteer as find_volunteer
from portal.web.limits import GUESSABLE, limiter
from portal.web.pages import CONFLICT, OK, accepted, is_stale, page
from portal.web.uploads import takes_files

bp = Blueprint("references", __name__)
NEEDS = Can.SEE_REFERENCES
BY_LINK = Outsider("Referee by link")
GONE = 410


# For the referee


def _by_link(token: str) -> Reference:
    """The reference this link opens now; a link that opens none is answered calmly, whatever it once was."""
    found = queries.reference_by_link(token)
    if found is None or not found.is_open(clock.now()):
        abort(make_response(_closed(found)))
    return found


def _closed(reference: Reference | None) -> ResponseReturnValue:
    """Why the link works no more, and what to do. A guess, or a link from before a new one, learns nothing."""
    if reference is None:
        return page("references/link_closed.html", status=GONE, reference=None, volunteer=None)
    volunteer = reference.volunteer
    return page(
        "references/link_closed.html", status=GONE, reference=reference, volunteer=volunteer,
        scheme_name=volunteer.scheme.name,
    )  # fmt: skip


def _shown(
    template: str, reference: Reference, token: str, form: AnswersForm | EmptyForm | StartForm
) -> ResponseReturnValue:
    volunteer = reference.volunteer
    return page(
        f"references/{template}.html", reference=reference, volunteer=volunteer, token=token, form=form,
        scheme_name=volunteer.scheme.name,
    )  # fmt: skip


@bp.route("/references/<token>", methods=["GET", "POST"])
@allows(Can.VISIT)
@limiter.limit(GUESSABLE, methods=["POST"])
def answer_reference(token: str) -> ResponseReturnValue:
    """The first page of a link, then the questions; a whole answer is shown once more before it is sent."""
    reference = _by_link(token)
    if reference.state is ReferenceState.REQUESTED:
        return _shown("start_reference", reference, token, StartForm(formdata=None))
    form = AnswersForm()
    if form.is_submitted() and form.is_change():
        return _shown("answer_reference", reference, token, form)
    if form.validate_on_submit():
        return _shown("check_reference", reference, token, form)
    return _shown("answer_reference", reference, token, form)


@bp.route("/references/<token>/start", methods=["POST"])
@allows(Can.VISIT)
@limiter.limit(GUESSABLE, methods=["POST"])
def start_reference(token: str) -> ResponseReturnValue:
    """They have begun: opening the page alone writes nothing, because mail programs open links too."""
    reference = _by_link(token)
    form = StartForm()
    if not form.validate_on_submit():
        return _shown("start_reference", reference, token, form)
    audit.acting(BY_LINK)
    services.open_link(reference, by=BY_LINK)
    return redirect(url_for(".answer_reference", token=token))


@bp.route("/references/<token>/send", methods=["POST"])
@allows(Can.VISIT)
@limiter.limit(GUESSABLE, methods=["POST"])
def send_reference(token: str) -> ResponseReturnValue:
    """Take the answers that were checked."""
    reference = _by_link(token)
    form = AnswersForm()
    audit.acting(BY_LINK)
    if form.validate_on_submit() and accepted(
        form, services.answer, reference, form.answers(), may_be_shown=form.may_be_shown.data == "yes", by=BY_LINK
    ):
        return redirect(url_for(".thank_referee"))
    return _shown("answer_reference", reference, token, form)


@bp.route("/references/<token>/decline", methods=["GET", "POST"])
@allows(Can.VISIT)
@limiter.limit(GUESSABLE, methods=["POST"])
def decline_reference(token: str) -> ResponseReturnValue:
    """They would rather not."""
    reference = _by_link(token)
    form = EmptyForm()
    audit.acting(BY_LINK)
    if form.validate_on_submit() and accepted(form, services.decline_to_give, reference, by=BY_LINK):
        return redirect(url_for(".thank_referee", said="no"))
    return _shown("decline_reference", reference, token, form)


@bp.route("/references/thank-you")
@allows(Can.VISIT)
def thank_referee() -> ResponseReturnValue:
    """After the last button: it is done, and the page can be closed."""
    return page("references/thank_referee.html", has_answered=request.args.get("said") != "no")


# For staff


def _volunteer(volunteer_id: int) -> Volunteer:
    volunteer = find_volunteer(volunteer_id, seen_by=current_user, can=NEEDS) or abort(404)
    volunteer.refuse_while_blind()
    return volunteer


def _one(volunteer_id: int, reference_id: int) -> Reference:
    found = queries.reference(reference_id, volunteer_id=volunteer_id, seen_by=current_user)
    return found or abort(404)


def _back(volunteer_id: int, words: str) -> ResponseReturnValue:
    flash(words, "success")
    return redirect(url_for(".list_references", volunteer_id=volunteer_id))


@bp.route("/people/<int:volunteer_id>/references")
@allows(NEEDS)
def list_references(volunteer_id: int) -> ResponseReturnValue:
    """Who was asked, how far each is, and what to do next."""
    volunteer = _volunteer(volunteer_id)
    return page(
        "references/list_references.html", volunteer=volunteer,
        references=queries.references_of(volunteer, seen_by=current_user),
        not_asked=queries.referees_not_asked(volunteer, seen_by=current_user),
        needed=volunteer.scheme.settings.references_needed, may_ask=services.may_ask(volunteer),
    )  # fmt: skip


@bp.route("/people/<int:volunteer_id>/references/request", methods=["POST"])
@allows(NEEDS)
def request_references(volunteer_id: int) -> ResponseReturnValue:
    """Ask everybody who was not asked yet, and those whose link is too old."""
    volunteer = _volunteer(volunteer_id)
    asked = services.request_all(volunteer, by=current_user)
    if any(not reference.referee.email for reference, _token in asked):
        flash("Somebody has no e-mail address: ring them, and write down what they say", "warning")
    return _back(volunteer.id, "The referees are asked" if asked else "Everybody has been asked already")


@bp.route("/people/<int:volunteer_id>/references/new", methods=["GET", "POST"])
@allows(NEEDS)
def add_referee(volunteer_id: int) -> ResponseReturnValue:
    """Ask somebody else."""
    volunteer = _volunteer(volunteer_id)
    form = RefereeForm()
    form.about = queries.application_of(volunteer, seen_by=current_user)
    if form.validate_on_submit() and accepted(
        form, services.ask_another, volunteer, name=form.name.data, relation=Relation(form.relation.data),
        organisation=form.organisation.data, email=form.email.data, phone=form.phone.data,
        years_known=form.years_known.data, by=current_user,
    ):  # fmt: skip
        if not form.email.data:
            flash("They have no e-mail address: ring them, and write down what they say", "warning")
        return _back(volunteer.id, "They are asked")
    return page("references/add_referee.html", form=form, volunteer=volunteer)


@bp.route("/people/<int:volunteer_id>/references/<int:reference_id>")
@allows(NEEDS)
def show_reference(volunteer_id: int, reference_id: int) -> ResponseReturnValue:
    """What a referee said, and what was done about it."""
    reference = _one(volunteer_id, reference_id)
    answers = Answers.from_json(reference.answers) if reference.answers else None
    return page(
        "references/show_reference.html", reference=reference, answers=answers,
        may_ask=services.may_ask(reference.volunteer),
    )  # fmt: skip


@bp.route("/people/<int:volunteer_id>/references/<int:reference_id>/verify", methods=["GET", "POST"])
@allows(NEEDS)
def verify_reference(volunteer_id: int, reference_id: int) -> ResponseReturnValue:
    """Say how it was checked."""
    return _said(volunteer_id, reference_id, VerifyForm, services.verify, "The reference is checked")


@bp.route("/people/<int:volunteer_id>/references/<int:reference_id>/concern", methods=["GET", "POST"])
@allows(NEEDS)
def doubt_reference(volunteer_id: int, reference_id: int) -> ResponseReturnValue:
    """Note a concern."""
    return _said(volunteer_id, reference_id, ConcernForm, services.note_concern, "The concern is noted")


def _said(
    volunteer_id: int, reference_id: int, form_class: type[VerifyForm | ConcernForm], verb: Callable[..., None],
    words: str,
) -> ResponseReturnValue:  # fmt: skip
    reference = _one(volunteer_id, reference_id)
    form, status = form_class(version=reference.version), OK
    if form.validate_on_submit():
        if is_stale(form, reference.version):
            status = CONFLICT
        elif accepted(form, verb, reference, how=form.how.data, by=current_user):
            return _back(volunteer_id, words)
    return page(f"{request.endpoint}.html".replace(".", "/", 1), status=status, form=form, reference=reference)


@bp.route("/people/<int:volunteer_id>/references/<int:reference_id>/send-again", methods=["GET", "POST"])
@allows(NEEDS)
def send_reference_again(volunteer_id: int, reference_id: int) -> ResponseReturnValue:
    """Send a new link, perhaps to another address; the old one is dead at once."""
    reference = _one(volunteer_id, reference_id)
    form, status = SendAgainForm(version=reference.version, email=reference.referee.email), OK
    if form.validate_on_submit():
        if is_stale(form, reference.version):
            status = CONFLICT
        elif accepted(form, services.send_again, reference, email=form.email.data, by=current_user):
            return _back(volunteer_id, "A new link is on its way, and the old one no longer works")
    return page("references/send_reference_again.html", status=status, form=form, reference=reference)


@bp.route("/people/<int:volunteer_id>/references/<int:reference_id>/by-phone", methods=["GET", "POST"])
@allows(NEEDS)
def record_reference(volunteer_id: int, reference_id: int) -> ResponseReturnValue:
    """Write down what a referee says on the phone, with the words to say at hand."""
    reference = _one(volunteer_id, reference_id)
    return _written_down(reference, ByPhoneForm(version=reference.version, said_on=clock.today()), CameBy.PHONE)


@bp.route("/people/<int:volunteer_id>/references/<int:reference_id>/by-letter", methods=["GET", "POST"])
@allows(NEEDS)
@takes_files
def keep_letter(volunteer_id: int, reference_id: int) -> ResponseReturnValue:
    """Write down what a referee's letter says, and keep its scan."""
    reference = _one(volunteer_id, reference_id)
    return _written_down(reference, ByLetterForm(version=reference.version), CameBy.LETTER)


def _written_down(reference: Reference, form: ByPhoneForm | ByLetterForm, came_by: CameBy) -> ResponseReturnValue:
    status = OK
    if form.validate_on_submit():
        if is_stale(form, reference.version):
            status = CONFLICT
        elif accepted(form, _write_down, reference, form, came_by):
            return _back(reference.volunteer_id, "What they said is saved. It still has to be checked")
    return page(f"{request.endpoint}.html".replace(".", "/", 1), status=status, form=form, reference=reference)


def _write_down(reference: Reference, form: ByPhoneForm | ByLetterForm, came_by: CameBy) -> None:
    scan = form.file.data if isinstance(form, ByLetterForm) else None
    file = keep(scan, scheme_id=reference.volunteer.scheme_id, by=current_user) if scan else None
    spoke_to = form.spoke_to.data
    who = f"{current_user.name}, {'who spoke to' if came_by is CameBy.PHONE else 'from a letter of'} {spoke_to}"
    services.answer(
        reference, form.answers(by_phone_to=who), may_be_shown=form.may_be_shown.data == "yes",
        told=Told(came_by, spoke_to, form.said_on.data, file), by=current_user,
    )  # fmt: skip


@bp.route("/people/<int:volunteer_id>/references/<int:reference_id>/letter")
@allows(NEEDS)
def download_letter(volunteer_id: int, reference_id: int) -> ResponseReturnValue:
    """The scan of a letter."""
    return download(_one(volunteer_id, reference_id).file or abort(404))
