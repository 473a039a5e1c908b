"""How dates, times, amounts and names are written on pages; instants are shown in London's time."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask import Flask
from markupsafe import Markup, escape

from portal import clock
from portal.clock import LONDON
from portal.web.markdown import markdown
from portal.web.text import phone

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def register(app: Flask) -> None:
    """Make every format a filter of the templates."""
    for function in (
        day,
        short_day,
        time_of_day,
        at,
        duration,
        pence,
        name,
        ago,
        percent,
        phone,
        ring,
        count,
        paragraphs,
        markdown,
    ):
        app.jinja_env.filters[function.__name__] = function


def day(when: date | None) -> str:
    """24 November 2026; nothing when there is no date."""
    when = _in_london(when)
    return f"{when.day} {when:%B} {when.year}" if when else ""


def short_day(when: date | None) -> str:
    """Tue 24 Nov 2026."""
    when = _in_london(when)
    return f"{when:%a} {when.day} {when:%b} {when.year}" if when else ""


def time_of_day(when: datetime | None) -> str:
    """6:00pm, and noon and midnight in words, because 12:00pm is read both ways."""
    if when is None:
        return ""
    when = when.astimezone(LONDON)
    if when.minute == 0 and when.hour in {0, 12}:
        return "midday" if when.hour else "midnight"
    return f"{when.hour % 12 or 12}:{when.minute:02}{'am' if when.hour < 12 else 'pm'}"


def at(when: datetime | None) -> str:
    """24 November 2026, 6:00pm, in London."""
    return f"{day(when)}, {time_of_day(when)}" if when else ""


def duration(minutes: int | None) -> str:
    """2 hours, 45 minutes, or 1 hour 30 minutes."""
    if minutes is None:
        return ""
    hours, rest = divmod(abs(minutes), 60)
    parts = [count(hours, "hour")] if hours else []
    if rest or not hours:
        parts.append(count(rest, "minute"))
    return ("minus " if minutes < 0 else "") + " ".join(parts)


def pence(amount: int | None) -> str:
    """£12.50 from 1250; whole pounds without the noughts."""
    if amount is None:
        return ""
    pounds, rest = divmod(abs(amount), 100)
    return ("−" if amount < 0 else "") + f"£{pounds:,}" + (f".{rest:02}" if rest else "")


def percent(share: float | None, *, of: float = 1) -> str:
    """67% from 0.67, or from 8 of 12. Rounded down: 99.9 is never shown as all of it."""
    if share is None or not of:
        return ""
    return f"{int(share * 100 / of + 1e-9)}%"


def count(number: int, one: str, many: str | None = None) -> str:
    """1 hour, 2 hours; 1 person, 2 people when the plural is given."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def name(words: object) -> Markup:
    """A name a person wrote, kept apart so that Arabic or Urdu letters do not reorder the line around it."""
    return Markup("<bdi>{}</bdi>").format(words) if words else Markup()


def ring(number: str | None) -> Markup:
    """A number that a phone rings when it is tapped; it never breaks over two lines."""
    if not number:
        return Markup()
    shown = phone(number)
    dialled = "".join(letter for letter in number if letter.isdigit() or letter == "+")
    return Markup('<a class="govuk-link number" href="tel:{}">{}</a>').format(dialled, shown)


def ago(when: datetime | date | None) -> str:
    """3 days ago, in 2 hours, just now, yesterday: measured from the portal's clock."""
    if when is None:
        return ""
    if not isinstance(when, datetime):
        return _days_from_today((when - clock.today()).days)
    gap = when - clock.now()
    size = abs(gap)
    if size < MINUTE:
        return "just now"
    if size >= DAY:
        return _days_from_today((when.astimezone(LONDON).date() - clock.today()).days)
    words = count(int(size / HOUR), "hour") if size >= HOUR else count(int(size / MINUTE), "minute")
    return f"in {words}" if gap > timedelta() else f"{words} ago"


def _days_from_today(days: int) -> str:
    near = {0: "today", -1: "yesterday", 1: "tomorrow"}
    if days in near:
        return near[days]
    return f"in {count(days, 'day')}" if days > 0 else f"{count(-days, 'day')} ago"


def _in_london(when: date | None) -> date | None:
    return when.astimezone(LONDON) if isinstance(when, datetime) else when


def paragraphs(text: str | None) -> Markup:
    """What a person typed in a large box, with its blank lines kept."""
    blocks = [block.strip() for block in (text or "").replace("\r\n", "\n").split("\n\n")]
    made = ["<br>".join(str(escape(line)) for line in block.split("\n")) for block in blocks if block]
    return Markup("".join(f'<p class="govuk-body" dir="auto">{block}</p>' for block in made))  # noqa: S704 - escaped above
