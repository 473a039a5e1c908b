"""What anybody may read before they start: schemes, areas, how long it takes, and whether it could be for them."""

from __future__ import annotations

from typing import Any

import segno
from flask import Blueprint, Response, abort, current_app, make_response, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from config import Settings
from portal import clock
from portal.access import Can, allows
from portal.public import forms, queries, rules
from portal.public.documents import HIGH, WIDE, ShareCard
from portal.schemes import queries as schemes
from portal.schemes.models import Area, Scheme
from portal.web.pages import page

bp = Blueprint("public", __name__)
ONE_DAY = 24 * 60 * 60


@bp.record_once
def _let_answers_in(state: Any) -> None:
    """“Could I do this?” changes nothing and must not need a cookie, so it carries no token."""
    for view in (ask_myself, ask_myself_here):
        state.app.extensions["csrf"].exempt(view)


@bp.route("/schemes")
@allows(Can.VISIT)
def show_schemes() -> ResponseReturnValue:
    """Every scheme and where it works."""
    return page("public/show_schemes.html", schemes=schemes.open_schemes(), canonical=_whole(url_for(".show_schemes")))


@bp.route("/schemes/<slug>")
@allows(Can.VISIT)
def show_scheme(slug: str) -> ResponseReturnValue:
    """One scheme: what a peer mentor does, what we say about convictions, where we work."""
    scheme = _scheme(slug)
    return page("public/show_scheme.html", scheme=scheme, area=None, **_facts(scheme))


@bp.route("/schemes/<slug>/<area_slug>")
@allows(Can.VISIT)
def show_area(slug: str, area_slug: str) -> ResponseReturnValue:
    """One place: all of it, and the ways to begin."""
    area = _area(slug, area_slug)
    return page("public/show_area.html", scheme=area.scheme, area=area, **_facts(area.scheme, area))


@bp.route("/schemes/<slug>/about/convictions")
@allows(Can.VISIT)
def show_fair_treatment(slug: str) -> ResponseReturnValue:
    """The scheme's policy for people with convictions, as the DBS code of practice asks every scheme to have one."""
    scheme = _scheme(slug)
    here = _whole(url_for(".show_fair_treatment", slug=slug))
    return page("public/show_fair_treatment.html", scheme=scheme, canonical=here)


# Could I do this?


@bp.route("/could-i-do-this", methods=["GET", "POST"])
@allows(Can.VISIT)
def ask_myself() -> ResponseReturnValue:
    """Questions for oneself: the answers make the page that is sent back, and are nowhere after that."""
    return _asked(None)


@bp.route("/schemes/<slug>/<area_slug>/could-i-do-this", methods=["GET", "POST"])
@allows(Can.VISIT)
def ask_myself_here(slug: str, area_slug: str) -> ResponseReturnValue:
    """The same, with the next steps of this area."""
    return _asked(_area(slug, area_slug))


def _asked(area: Area | None) -> ResponseReturnValue:
    form = forms.CouldIForm()
    context: dict[str, Any] = {"area": area, "scheme": area.scheme if area else None, "hello": ""}
    if area:
        context["hello"] = url_for("enquiries.say_hello", slug=area.scheme.slug, area_slug=area.slug)
    if form.validate_on_submit():
        answers = form.answers()
        body = page(
            "public/show_answer.html", answers=answers, advice=rules.advice(answers), opening=rules.opening(answers),
            **context,
        )  # fmt: skip
    else:
        body = page("public/ask_myself.html", form=form, **context)
    response = make_response(body)
    # Not even our own next page learns where somebody came from; nothing of it is kept by the browser either.
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


# To pass on


@bp.route("/schemes/<slug>/card.png")
@allows(Can.VISIT)
def show_scheme_card(slug: str) -> ResponseReturnValue:
    """The picture a phone shows beside the address of a scheme."""
    scheme = _scheme(slug)
    return _picture(ShareCard(scheme.name, "", scheme.strapline))


@bp.route("/schemes/<slug>/<area_slug>/card.png")
@allows(Can.VISIT)
def show_area_card(slug: str, area_slug: str) -> ResponseReturnValue:
    """The picture a phone shows beside the address of an area."""
    area = _area(slug, area_slug)
    return _picture(ShareCard(area.scheme.name, area.name, area.scheme.strapline))


def _picture(card: ShareCard) -> Response:
    response = Response(card.render(), mimetype="image/png")
    response.headers["Cache-Control"] = f"public, max-age={ONE_DAY}"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # it is made to be shown elsewhere
    response.add_etag()
    response.make_conditional(request)
    return response


def _scheme(slug: str) -> Scheme:
    return schemes.scheme_by_slug(slug) or abort(404)


def _area(slug: str, area_slug: str) -> Area:
    return schemes.area_by_slugs(slug, area_slug) or abort(404)


def _facts(scheme: Scheme, area: Area | None = None) -> dict[str, Any]:
    """What both pages say besides the scheme's own words."""
    names: dict[str, Any] = {"slug": scheme.slug} | ({"area_slug": area.slug} if area else {})
    here = _whole(url_for(".show_area" if area else ".show_scheme", **names))
    begins_on, ends_on = rules.two_quarters_before(clock.today())
    return {
        "timeline": rules.timeline(_taken(scheme), area_id=area.id if area else None),
        "begins_on": begins_on, "ends_on": ends_on, "fewest": rules.FEWEST,
        "canonical": here, "qr": _code(here),
        "card": _whole(url_for(".show_area_card" if area else ".show_scheme_card", **names)),
        "card_wide": WIDE, "card_high": HIGH,
    }  # fmt: skip


def _taken(scheme: Scheme) -> queries.Taken:
    """The figures of the quarters: on a real service counted once a day and process, as the past does not change."""
    if not getattr(current_app.config.get("SETTINGS"), "in_production", False):
        return queries.days_to_each_step(scheme.id)
    kept: dict[int, Any] = current_app.extensions.setdefault("timelines", {})
    today = clock.today()
    if scheme.id not in kept or kept[scheme.id][0] != today:
        kept[scheme.id] = today, queries.days_to_each_step(scheme.id)
    taken: queries.Taken = kept[scheme.id][1]
    return taken


def _code(address: str) -> Markup:
    """The address as a QR code, for the printed page."""
    drawn = segno.make(address, error="m", micro=False).svg_inline(omitsize=True, border=4, lineclass=None)
    return Markup(drawn)  # noqa: S704 - drawn by us: an address of ours as shapes


def _whole(path: str) -> str:
    """An address that works from anywhere."""
    settings: Settings = current_app.config["SETTINGS"]
    return settings.public_url.rstrip("/") + path
