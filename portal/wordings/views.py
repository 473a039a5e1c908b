"""Pages on which a scheme puts messages in its own words."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.access import Can, allows
from portal.carriers.rules import Carrier
from portal.database import kept_apart
from portal.messages import documents
from portal.messages.documents import Purpose, post_room, purposes
from portal.schemes.models import Scheme
from portal.schemes.queries import scheme as scheme_of
from portal.web.limits import limiter
from portal.web.pages import CONFLICT, OK, accepted, is_stale, page
from portal.web.text import phone
from portal.wordings import forms, queries, rules, services

bp = Blueprint("wordings", __name__)
WAYS = {"email": Carrier.EMAIL, "text": Carrier.TEXT}
TRIALS = "60 per hour"  # a text costs money, and goes to whatever number somebody types
READERS = {
    "volunteer": "To volunteers", "referee": "To referees",
    "practitioner": "To practitioners, and to whoever types for somebody",
}  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """Words filled in with samples, as somebody would receive them."""

    subject: str
    body: str

    @property
    def parts(self) -> int:
        """How many messages a text of it is charged as."""
        return rules.parts_of(self.body)


@bp.route("/schemes/<int:scheme_id>/messages")
@allows(Can.MANAGE_SCHEME)
def list_wordings(scheme_id: int) -> ResponseReturnValue:
    """Every message a scheme may word itself: what it is for, when it goes, whose words it has."""
    scheme = scheme_of(scheme_id, seen_by=current_user) or abort(404)
    groups = [
        (title, sorted((each for each in purposes().values() if each.to == to), key=lambda each: each.title))
        for to, title in READERS.items()
    ]
    own = {(template, carrier.value) for template, carrier in queries.own_words(scheme_id, seen_by=current_user)}
    return page("wordings/list_wordings.html", scheme=scheme, groups=groups, own=own)


@bp.route("/schemes/<int:scheme_id>/messages/<template>/<way>", methods=["GET", "POST"])
@allows(Can.MANAGE_SCHEME)
@limiter.limit(TRIALS, methods=["POST"], exempt_when=lambda: request.form.get("what") != "try")
def edit_wording(scheme_id: int, template: str, way: str) -> ResponseReturnValue:
    """Write the words, look at them with samples filled in, try them on oneself, keep them."""
    scheme, purpose, carrier = _asked(scheme_id, template, way)
    found = queries.versions(scheme_id, template, carrier, seen_by=current_user)
    number, own = (found[0].number, found[0]) if found else (0, None)
    subject, body = (own.subject, own.body) if own and own.body else documents.to_start_from(purpose, carrier)
    form = _form(purpose, carrier, data={"version": number, "subject": subject, "body": body})
    status, rows, shown = OK, [], _shown(purpose, carrier, subject, body)
    is_looked_at = False
    if form.validate_on_submit():
        typed = _typed(form)
        shown, is_looked_at = _shown(purpose, carrier, *typed), request.form.get("what") == "look"
        if is_stale(form, number):
            status, rows = CONFLICT, _both((subject, body), typed, carrier)
        elif form.is_trial and shown:
            with kept_apart():  # what was typed is not saved by trying it, so the same page comes back with it
                services.try_out(
                    scheme, purpose, subject=shown.subject, body=shown.body, by=current_user, to_phone=_phone(form),
                )  # fmt: skip
            flash(f"A trial is on its way to {phone(_phone(form)) or current_user.email}", "success")
            scheme = scheme_of(scheme_id, seen_by=current_user) or abort(404)  # another transaction now
        elif request.form.get("what") == "save" and accepted(
            form, services.write, scheme, purpose, carrier, subject=typed[0], body=typed[1], drawn_from=number,
            by=current_user,
        ):  # fmt: skip
            flash(f"{purpose.title}: your words are saved, and used from now on", "success")
            return redirect(url_for(".edit_wording", scheme_id=scheme_id, template=template, way=way))
    elif form.is_submitted():
        is_wrong = form.body.errors or ("subject" in form and form["subject"].errors)
        shown = None if is_wrong else _shown(purpose, carrier, *_typed(form))
    return page(
        "wordings/edit_wording.html", status=status, form=form, scheme=scheme, purpose=purpose, way=way,
        shown=shown, rows=rows, versions=found, is_own=bool(own and own.body), in_braces=rules.in_braces,
        ours=_ours(purpose, carrier), number=number, is_looked_at=is_looked_at, my_email=current_user.email,
        saved_over=queries.saved_over(found, seen_by=current_user),
    )  # fmt: skip


def _form(purpose: Purpose, carrier: Carrier, *, data: dict[str, object]) -> forms.LetterForm | forms.TextMessageForm:
    """The words, and where a trial of a text goes when there is a service that sends texts."""
    form = (forms.LetterForm if carrier is Carrier.EMAIL else forms.TextMessageForm)(data=data)
    form.purpose, form.is_trial = purpose, request.form.get("what") == "try"
    if "phone" in form and not post_room.sends_texts:
        del form.phone
    return form


def _typed(form: forms.LetterForm | forms.TextMessageForm) -> tuple[str, str]:
    return (form["subject"].data if "subject" in form else ""), form.body.data


def _phone(form: forms.WordsForm) -> str:
    return form["phone"].data if "phone" in form else ""


def _both(saved: tuple[str, str], typed: tuple[str, str], carrier: Carrier) -> list[tuple[str, str, str]]:
    """What is saved now beside what was typed; a text has no subject."""
    rows = [("Subject", saved[0], typed[0]), ("Words", saved[1], typed[1])]
    return rows if carrier is Carrier.EMAIL else rows[1:]


@bp.route("/schemes/<int:scheme_id>/messages/<template>/<way>/ours", methods=["POST"])
@allows(Can.MANAGE_SCHEME)
def put_back(scheme_id: int, template: str, way: str) -> ResponseReturnValue:
    """Go back to the words that come with the portal."""
    scheme, purpose, carrier = _asked(scheme_id, template, way)
    drawn_from = request.form.get("version", "")
    number = int(drawn_from) if drawn_from.isdecimal() and len(drawn_from) < 9 else -1
    try:
        services.write(scheme, purpose, carrier, subject="", body="", drawn_from=number, by=current_user)
    except services.ChangedMeanwhile as changed:
        flash(f"{changed}. Nothing was put back", "warning")
    else:
        flash(f"{purpose.title}: the portal's words are used again", "success")
    return redirect(url_for(".edit_wording", scheme_id=scheme_id, template=template, way=way))


def _asked(scheme_id: int, template: str, way: str) -> tuple[Scheme, Purpose, Carrier]:
    scheme = scheme_of(scheme_id, seen_by=current_user) or abort(404)
    purpose = purposes().get(template) or abort(404)
    carrier = WAYS.get(way) or abort(404)
    if carrier is Carrier.TEXT and purpose.to != "volunteer":
        abort(404)  # nobody else is sent texts
    return scheme, purpose, carrier


def _shown(purpose: Purpose, carrier: Carrier, subject: str, body: str) -> Shown | None:
    """The words with samples; None when they cannot be filled in."""
    facts = purpose.plain(documents.SAMPLE_NAME, purpose.samples())
    try:
        said = documents.in_paragraphs(documents.in_their_words(body, facts))
        heading = documents.one_line(documents.in_their_words(subject, facts))
    except documents.WordsUnusable:
        return None
    return Shown(heading, documents.one_line(said) if carrier is Carrier.TEXT else said)


def _ours(purpose: Purpose, carrier: Carrier) -> Shown:
    letter = documents.sample_letter(purpose)
    if carrier is Carrier.TEXT:
        return Shown("", documents.our_short(letter) or "")
    return Shown(*documents.our_letter(letter))
