"""Pages about people who may be on the list twice."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.access import Can, allows
from portal.duplicates import forms, queries, rules, services
from portal.refusals import Refused
from portal.volunteers.models import Volunteer
from portal.volunteers.rules import availability_in_words
from portal.web.pages import accepted, page
from portal.web.text import phone

bp = Blueprint("duplicates", __name__)


@bp.route("/perhaps-the-same")
@allows(Can.DECIDE_APPLICATIONS)
def list_pairs() -> ResponseReturnValue:
    """Perhaps the same person: what they share, and the way to compare them."""
    found = queries.perhaps_the_same(seen_by=current_user)
    return page("duplicates/list_pairs.html", found=found[: queries.MOST], count=len(found))


@bp.route("/people/<int:volunteer_id>/same-as/<int:other_id>", methods=["GET", "POST"])
@allows(Can.DECIDE_APPLICATIONS)
def compare(volunteer_id: int, other_id: int) -> ResponseReturnValue:
    """Two records side by side; put together here when they are one person's."""
    one, other = _two(volunteer_id, other_id)
    for each in (one, other):
        each.refuse_while_blind()
    sides = [_side(one), _side(other)]
    form = forms.JoinForm(data={"kept": _further(one, other).id})
    form.kept.choices = [(each.id, f"{each.name} ({each.reference})") for each in (one, other)]
    form.carry.choices = [
        (name, f"{label}: {said[0]} ({one.reference}), {said[1]} ({other.reference})")
        for name, label in rules.CARRIED.items()
        if (said := (_said(one, name), _said(other, name))) and said[0] != said[1]
    ]
    asked = {reference.referee_id for side in sides for reference in side["references"]}
    form.referees.choices = [
        (referee.id, f"{referee.name} ({side['person'].reference})")
        for side in sides
        for referee in (side["application"].referees if side["application"] else [])
        if referee.id not in asked
    ]
    reasons = rules.reasons_not_to_join(_further(one, other).stage, _nearer(one, other).stage)
    if form.validate_on_submit():
        kept, ends = (one, other) if form.kept.data == one.id else (other, one)
        if accepted(
            form, services.join, kept, ends, carry=form.carry.data, referees=form.referees.data,
            because=form.because.data, by=current_user,
        ):  # fmt: skip
            flash(f"{ends.reference} is joined with {kept.reference}", "success")
            return redirect(url_for(".list_joined", volunteer_id=kept.id))
    return page("duplicates/compare.html", form=form, sides=sides, one=one, other=other, reasons=reasons)


@bp.route("/people/<int:volunteer_id>/not-same-as/<int:other_id>", methods=["POST"])
@allows(Can.DECIDE_APPLICATIONS)
def say_different(volunteer_id: int, other_id: int) -> ResponseReturnValue:
    """They are two people: never asked again."""
    one, other = _two(volunteer_id, other_id)
    form = forms.DifferentForm()
    try:
        services.say_different(one, other, because=form.because.data or "", by=current_user)
    except Refused as refused:
        flash(str(refused), "warning")
    else:
        flash("They are two people. We do not ask again", "success")
    return redirect(url_for(".list_pairs"))


@bp.route("/people/<int:volunteer_id>/joined")
@allows(Can.DECIDE_APPLICATIONS)
def list_joined(volunteer_id: int) -> ResponseReturnValue:
    """The records joined with one person's, with their histories, and the way to part them again."""
    person = queries.whole(volunteer_id, seen_by=current_user) or abort(404)
    return page("duplicates/list_joined.html", person=person, pairs=queries.pairs_of(person.id))


@bp.route("/joined-records/<int:duplicate_id>/part", methods=["POST"])
@allows(Can.DECIDE_APPLICATIONS)
def part(duplicate_id: int) -> ResponseReturnValue:
    """They are two people after all; or "two people" was a mistake."""
    pair = queries.joined_pair(duplicate_id, seen_by=current_user) or abort(404)
    try:
        services.part(pair, by=current_user)
    except Refused as refused:
        flash(str(refused), "warning")
    else:
        flash("This is undone", "success")
    return redirect(url_for(".list_joined", volunteer_id=pair.kept_id))


def _two(volunteer_id: int, other_id: int) -> tuple[Volunteer, Volunteer]:
    one = queries.whole(volunteer_id, seen_by=current_user) or abort(404)
    other = queries.whole(other_id, seen_by=current_user) or abort(404)
    if one.id == other.id or one.scheme_id != other.scheme_id:
        abort(404)
    return one, other


def _further(one: Volunteer, other: Volunteer) -> Volunteer:
    return max(one, other, key=lambda each: (rules.ORDER.index(each.stage), -each.id))


def _nearer(one: Volunteer, other: Volunteer) -> Volunteer:
    return other if _further(one, other) is one else one


def _said(person: Volunteer, name: str) -> str:
    """One fact of somebody's as a choice shows it."""
    fact = getattr(person, name)
    words = availability_in_words(fact) if name == "availability" else phone(fact) if name == "phone" else fact
    return words or "not given"


def _side(person: Volunteer) -> dict[str, Any]:
    return {
        "person": person, "application": queries.application_of(person), "references": queries.references_of(person),
        "free": availability_in_words(person.availability),
    }  # fmt: skip
