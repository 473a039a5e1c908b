"""Figures without people: as pictures, as tables, as a file."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal import clock
from portal.access import Can, allows
from portal.audit.rules import as_csv
from portal.decisions.queries import kinds_of_declines
from portal.reports import queries
from portal.reports.forms import PeriodForm
from portal.reports.rules import STAGE_COUNTS, Figure, Quarter, quarters
from portal.web.formats import day
from portal.web.pages import page

bp = Blueprint("reports", __name__)
PARTS = ("begins_on", "ends_on")


@bp.route("/reports")
@allows(Can.SEE_REPORTS)
def show_figures() -> ResponseReturnValue:
    """People at each stage, and what happened in a period, area by area."""
    form = PeriodForm(request.args)
    if not form.validate():
        return page("reports/show_figures.html", form=form, figures=None)
    figures = queries.figures(seen_by=current_user, begins_on=form.begins_on.data, ends_on=form.ends_on.data)
    reasons = []
    if not figures.is_suppressed:  # a reason that few were given tells of them: only inside the scheme
        reasons = kinds_of_declines(seen_by=current_user, since=form.begins_on.data, until=form.ends_on.data)
    asked: dict[str, Any] = {name: request.args.getlist(name) for name in PARTS if request.args.getlist(name)}
    return page(
        "reports/show_figures.html", form=form, figures=figures, bars=figures.stage_bars(), kinds=list(Figure),
        stages=figures.stage_table(), period=figures.period_table(), period_words=_period(form),
        file_url=url_for(".download_figures", **asked), stage_counts=STAGE_COUNTS,
        reasons=[(words, str(count)) for words, count in reasons],
        quarters=[(each.words, _quarter_url(each)) for each in quarters(clock.today(), how_many=4)],
    )  # fmt: skip


@bp.route("/reports/figures.csv")
@allows(Can.SEE_REPORTS)
def download_figures() -> ResponseReturnValue:
    """The same tables for a spreadsheet, each figure with its period and what it counts."""
    form = PeriodForm(request.args)
    if not form.validate():
        return page("reports/show_figures.html", form=form, figures=None)
    figures = queries.figures(seen_by=current_user, begins_on=form.begins_on.data, ends_on=form.ends_on.data)
    stages, period = figures.stage_table(), figures.period_table()
    today = f"{STAGE_COUNTS} ({day(clock.today())})"
    rows = [[*row, today] for row in stages.rows]
    for kind, row in zip(Figure, period.rows, strict=True):
        rows.append([*row, f"{kind.counts}: {_period(form)}"])
    text = as_csv(["Figure", *stages.head[1:], "What it counts"], rows)
    response = Response("\ufeff" + text, mimetype="text/csv")
    response.headers["Content-Disposition"] = "attachment; filename=figures.csv"
    return response


def _quarter_url(quarter: Quarter) -> str:
    ends = ((name, getattr(quarter, name)) for name in PARTS)
    asked: dict[str, Any] = {name: [ends_on.day, ends_on.month, ends_on.year] for name, ends_on in ends}
    return url_for(".show_figures", **asked)


def _period(form: PeriodForm) -> str:
    begins, ends = form.begins_on.data, form.ends_on.data or clock.today()
    return f"{day(begins)} to {day(ends)}" if begins else f"up to {day(ends)}"
