"""One page for the volunteer who tells us, one for the few who may read it. Reading is a POST with a purpose."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.access import Can, allows
from portal.database import kept_apart
from portal.disclosure import queries, services
from portal.disclosure.forms import ConsiderForm, DisclosureForm, OpenForm
from portal.disclosure.models import Disclosure
from portal.volunteers.models import Volunteer
from portal.volunteers.queries import own_volunteer
from portal.volunteers.queries import volunteer as find_volunteer
from portal.web.pages import CONFLICT, OK, accepted, is_stale, page

bp = Blueprint("disclosure", __name__)


@bp.route("/my/disclosure", methods=["GET", "POST"])
@allows(Can.OWN_JOURNEY)
def answer_disclosure() -> ResponseReturnValue:
    """Tell us, or say that there is nothing to tell. What was written is not shown again: phones are shared."""
    volunteer = own_volunteer(current_user) or abort(404)
    form, may = DisclosureForm(), volunteer.stage in services.OFFERED
    if form.is_submitted() and not may:
        return redirect(url_for(".answer_disclosure"))
    if form.validate_on_submit() and accepted(form, services.answer, volunteer, statement=form.told(), by=current_user):
        flash("Thank you for your answer. It is kept safe", "success")
        return redirect(url_for(".answer_disclosure"))
    return page(
        "disclosure/answer_disclosure.html", form=form, volunteer=volunteer, may=may,
        disclosure=queries.own_disclosure(volunteer),
    )  # fmt: skip


def _both(volunteer_id: int) -> tuple[Volunteer, Disclosure | None]:
    volunteer = find_volunteer(volunteer_id, seen_by=current_user, can=Can.READ_DISCLOSURES) or abort(404)
    return volunteer, queries.disclosure_of(volunteer, seen_by=current_user)


@bp.route("/people/<int:volunteer_id>/disclosure", methods=["GET", "POST"])
@allows(Can.READ_DISCLOSURES)
def show_disclosure(volunteer_id: int) -> ResponseReturnValue:
    """Whether they have answered; and, for a purpose that is kept for good, what: on this one answer only."""
    volunteer, disclosure = _both(volunteer_id)
    form, statement = OpenForm(), None
    if form.validate_on_submit() and disclosure is not None and disclosure.answered_at is not None:
        with kept_apart():  # the line about who read it must stay, though this page is no redirect
            statement = services.open_statement(disclosure, purpose=form.purpose.data, by=current_user)
        volunteer, disclosure = _both(volunteer_id)  # read again: the transaction above was another one
    return _shown(volunteer, disclosure, form=form, statement=statement)


@bp.route("/people/<int:volunteer_id>/disclosure/considered", methods=["POST"])
@allows(Can.READ_DISCLOSURES)
def consider_disclosure(volunteer_id: int) -> ResponseReturnValue:
    """It has been weighed."""
    volunteer, disclosure = _both(volunteer_id)
    if disclosure is None:
        abort(404)
    consider_form, status = ConsiderForm(), OK
    if consider_form.validate_on_submit():
        if is_stale(consider_form, disclosure.version):
            status = CONFLICT
        elif accepted(consider_form, services.consider, disclosure, by=current_user):
            flash("It is marked as considered", "success")
            return redirect(url_for(".show_disclosure", volunteer_id=volunteer_id))
    return _shown(volunteer, disclosure, form=consider_form, statement=None, status=status)


def _shown(
    volunteer: Volunteer, disclosure: Disclosure | None, *, form: OpenForm | ConsiderForm, statement: str | None,
    status: int = OK,
) -> ResponseReturnValue:  # fmt: skip
    return page(
        "disclosure/show_disclosure.html", status=status, volunteer=volunteer, disclosure=disclosure, form=form,
        open_form=form if isinstance(form, OpenForm) else OpenForm(formdata=None), statement=statement,
    )  # fmt: skip
