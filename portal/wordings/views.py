"""Pages on which a scheme puts messages in its own words."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.access import Can, allows
from portal.carriers.rules import Carrier
from portal.messages import documents
from portal.messages.documents import Purpose, purposes
from portal.schemes.models import Scheme
from portal.schemes.queries import scheme as scheme_of
from portal.web.pages import CONFLICT, OK, accepted, is_stale, page
from portal.wordings import forms, queries, rules, services

bp = Blueprint("wordings", __name__)
WAYS = {"email": Carrier.EMAIL, "text": Carrier.TEXT}
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
def edit_wording(scheme_id: int, template: str, way: str) -> ResponseReturnValue:
    """Write the words, look at them with samples filled in, keep them."""
    scheme, purpose, carrier = _asked(scheme_id, template, way)
    found = queries.versions(scheme_id, template, carrier, seen_by=current_user)
    number, own = (found[0].number, found[0]) if found else (0, None)
    subject, body = (own.subject, own.body) if own and own.body else documents.to_start_from(purpose, carrier)
    kind = forms.LetterForm if carrier is Carrier.EMAIL else forms.TextMessageForm
    form = kind(data={"version": number, "subject": subject, "body": body})
    form.purpose = purpose
    status, rows, shown = OK, [], _shown(purpose, carrier, subject, body)
    if form.validate_on_submit():
        typed = form.subject.data if carrier is Carrier.EMAIL else "", form.body.data
        shown = _shown(purpose, carrier, *typed)
        if is_stale(form, number):
            status, rows = CONFLICT, [("Subject", subject, typed[0]), ("Words", body, typed[1])]
        elif request.form.get("what") != "look" and accepted(
            form, services.write, scheme, purpose, carrier, subject=typed[0], body=typed[1], drawn_from=number,
            by=current_user,
        ):  # fmt: skip
            flash(f"{purpose.title}: your words are saved, and used from now on", "success")
            return redirect(url_for(".edit_wording", scheme_id=scheme_id, template=template, way=way))
    return page(
        "wordings/edit_wording.html", status=status, form=form, scheme=scheme, purpose=purpose, way=way,
        shown=shown, rows=rows, versions=found, is_own=bool(own and own.body), in_braces=rules.in_braces,
        ours=_ours(purpose, carrier), number=number,
    )  # fmt: skip


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


@bp.route("/schemes/<int:scheme_id>/messages/<template>/<way>/try", methods=["POST"])
@allows(Can.MANAGE_SCHEME)
def try_out(scheme_id: int, template: str, way: str) -> ResponseReturnValue:
    """Send what is saved, filled in with samples, to oneself."""
    scheme, purpose, carrier = _asked(scheme_id, template, way)
    found = queries.versions(scheme_id, template, carrier, seen_by=current_user, most=1)
    has_own = bool(found and found[0].body)
    shown = _shown(purpose, carrier, found[0].subject, found[0].body) if has_own else _ours(purpose, carrier)
    if shown is None:
        flash("These words cannot be filled in. Put them right first", "warning")
    else:
        services.try_out(scheme, purpose, carrier, subject=shown.subject, body=shown.body, by=current_user)
        flash(f"A trial is on its way to {current_user.email}", "success")
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
        said = documents.in_their_words(body, facts).strip()
        heading = documents.one_line(documents.in_their_words(subject, facts))
    except documents.WordsUnusable:
        return None
    return Shown(heading, documents.one_line(said) if carrier is Carrier.TEXT else said)


def _ours(purpose: Purpose, carrier: Carrier) -> Shown:
    letter = documents.sample_letter(purpose)
    if carrier is Carrier.TEXT:
        return Shown("", documents.our_short(letter) or "")
    return Shown(*documents.our_letter(letter))
