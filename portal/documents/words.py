"""Dates and hours as a printed page says them."""

from datetime import date


def day(when: date) -> str:
    """`24 November 2026`."""
    return f"{when.day} {when:%B %Y}"


def days(first: date, last: date) -> str:
    """`1 September to 24 November 2026`: the year is said once when it is the same."""
    if first == last:
        return day(last)
    start = f"{first.day} {first:%B}" if first.year == last.year else day(first)
    return f"{start} to {day(last)}"


def hours(minutes: int) -> str:
    """`46 hours`, `1 hour 30 minutes`, `45 minutes`."""
    whole, rest = divmod(minutes, 60)
    said = [_count(whole, "hour")] if whole or not rest else []
    if rest:
        said.append(_count(rest, "minute"))
    return " ".join(said)


def hours_of(minutes: int, whole: int) -> str:
    """`46 of 48 hours`; the unit is said twice only when it differs."""
    if minutes % 60 or whole % 60:
        return f"{hours(minutes)} of {hours(whole)}"
    return f"{minutes // 60} of {hours(whole)}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
