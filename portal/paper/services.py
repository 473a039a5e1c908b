"""Keeping a form on paper, opening its scan, typing it in, setting it aside."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date

import pikepdf
from PIL import Image

from portal import clock
from portal.accounts.models import User
from portal.applications import queries as answers
from portal.applications import services as applications
from portal.applications.models import Application, ConfirmedBy, Helper
from portal.audit import services as audit
from portal.database import session
from portal.documents.words import day
from portal.files import services as files
from portal.files.rules import JPEG, MOST_BYTES, PDF, PNG, Examined, size_words
from portal.paper.models import PaperForm
from portal.paper.rules import reasons_not_received_on
from portal.refusals import Refused
from portal.schemes.models import Area
from portal.schemes.rules import Route

LONGEST_SIDE = 2400
"""Points of a photographed page: small handwriting is read well at that, and a phone opens it."""


def keep(area: Area, pages: Sequence[Examined], *, received_on: date, by: User) -> PaperForm:
    """Keep a form that was handed in. Several photos become one file, in their order. Raises `Refused`."""
    if not pages:
        raise Refused("Choose the scan, or a photo of the first page")
    Refused.unless_empty(reasons_not_received_on(received_on, clock.today()))
    file = files.keep(together(pages), scheme_id=area.scheme_id, by=by)
    form = PaperForm(
        scheme_id=area.scheme_id, area=area, file=file, received_on=received_on, kept_at=clock.now(), kept_by=by,
        set_aside_because="",
    )  # fmt: skip
    session.add(form)
    session.flush()
    return form


def together(pages: Sequence[Examined]) -> Examined:
    """The pages as one file: a single one as it came, several as one PDF. Raises `Refused` when it is too large."""
    if len(pages) == 1:
        return pages[0]
    whole = pikepdf.new()
    for page in pages:
        with pikepdf.open(io.BytesIO(page.content if page.kind is PDF else _as_pdf(page.content))) as one:
            whole.pages.extend(one.pages)
    made = io.BytesIO()
    whole.save(made)
    if made.tell() > MOST_BYTES:
        raise Refused(f"The pages together are too large. They must be {size_words(MOST_BYTES)} or smaller")
    return Examined("form.pdf", PDF, made.getvalue())


def _as_pdf(content: bytes) -> bytes:
    made = io.BytesIO()
    with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as picture:
        page = picture.convert("RGB")
    page.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    page.save(made, "PDF", resolution=200.0, quality=85)
    return made.getvalue()


def is_picture(form: PaperForm) -> bool:
    """Whether the scan is one picture, which every browser shows."""
    return form.file.kind in {JPEG.media_type, PNG.media_type}


def open_scan(form: PaperForm, *, by: User) -> None:
    """Somebody reads the original: it holds all that an application holds, so the record says who."""
    audit.seen(
        "paper_form", form.id, by=by, purpose="Opened the scan of a form on paper", volunteer_id=form.volunteer_id,
        scheme_id=form.scheme_id,
    )  # fmt: skip


def set_aside(form: PaperForm, *, because: str, by: User) -> None:
    """It leads to no application. Raises `Refused` for one that was typed in or set aside already."""
    if form.typed_at is not None:
        raise Refused("This form has been typed in already, so it stays with the application")
    if form.set_aside_at is not None:
        raise Refused("This form has been set aside already")
    if not because:
        raise Refused("Say why, in a few words")
    form.set_aside_at, form.set_aside_because = clock.now(), because
    session.flush()


def take_back(form: PaperForm, *, by: User) -> None:
    """It was set aside by mistake: it waits to be typed in again. A second tap changes nothing."""
    form.set_aside_at, form.set_aside_because = None, ""
    session.flush()


def begin(form: PaperForm, *, name: str, email: str, phone: str, route: Route, by: User) -> Application:
    """Start an application for the person who filled in the form. Raises `Refused`.

    In a closed area too: the form was handed in, and staff decide what becomes of it.
    """
    _refuse_unless_open(form)
    if form.volunteer_id is not None:
        raise Refused("Somebody has started to type this form in. Carry on with what they began")
    application, _code = applications.start(
        area=form.area, name=name, email=email, phone=phone, route=route, may_be_closed=True, by=by
    )
    form.volunteer = application.volunteer
    session.flush()
    return application


def carry_on_with(form: PaperForm, application: Application, *, by: User) -> None:
    """The person began an application before: the form is typed into that. Raises `Refused`."""
    _refuse_unless_open(form)
    if form.volunteer_id not in {None, application.volunteer_id}:
        raise Refused("Somebody has started to type this form in. Carry on with what they began")
    if application.volunteer.area_id != form.area_id:
        raise Refused("This person applies in another area. Check the form")
    if application.submitted_at is not None:
        raise Refused("This person has sent their application already")
    form.volunteer = application.volunteer
    session.flush()


def let_go(form: PaperForm, *, by: User) -> None:
    """It was the wrong person: the form belongs to nobody again; what was typed stays where it is."""
    _refuse_unless_open(form)
    form.volunteer = None
    session.flush()


def send(form: PaperForm, application: Application, *, by: User) -> None:
    """All is typed and the paper is signed: send it in the person's name; their signature is their confirmation.

    Sending twice is one sending. Raises `Refused` with everything that is missing.
    """
    if form.typed_at is not None:
        return
    _refuse_unless_open(form)
    at = clock.now()
    said = typed_words(form, by)
    audit.did("paper_form", by=by, row_id=form.id, scheme_id=form.scheme_id, purpose=said)
    helper = application.helper or Helper(application=application, began_at=at)
    helper.name, helper.organisation, helper.user_id = by.name, form.area.scheme.name, by.id
    helper.confirmed_at, helper.confirmed_by = at, ConfirmedBy.PRINT
    helper.confirmed_name, helper.recorded_by_id = application.volunteer.name, by.id
    helper.file, helper.token_hash, helper.expires_at = form.file, None, None
    helper.likeness = answers.likeness_of(application)
    session.add(helper)
    applications.submit(application, by=by, because=said)
    form.typed_at, form.typed_by_id = at, by.id
    session.flush()


def typed_words(form: PaperForm, by: User) -> str:
    """How the record says where an application came from."""
    return f"Typed from paper by {by.name}, received on {day(form.received_on)}"


def _refuse_unless_open(form: PaperForm) -> None:
    if form.typed_at is not None:
        raise Refused("This form has been typed in already")
    if form.set_aside_at is not None:
        raise Refused("This form was set aside. Take it back first")
