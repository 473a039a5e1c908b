"""Fields for dates, times and whole numbers, read the way people write them."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field
from wtforms.fields import HiddenField
from wtforms.validators import StopValidation

from portal.web import text, widgets
from portal.web.fields import TextField
from portal.web.own import OurField

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
TIME = re.compile(r"(\d{1,2})(?:[:.]?(\d{2}))?\s*([ap])?\.?m?\.?", re.ASCII)
LARGEST = 2**31 - 1


class DateField(OurField, Field):
    """A date in three boxes; `data` is a date, or None. "11 Nov 2026" is understood too."""

    widget = widgets.DateWidget()
    PARTS = ("day", "month", "year")
    EARLIEST_YEAR, LATEST_YEAR = 1900, 2100

    def __init__(self, label: str | None = None, *, is_birthday: bool = False, **kwargs: Any) -> None:
        """`is_birthday` lets a browser fill in the person's own."""
        self.is_birthday = is_birthday
        self.wrong_parts: tuple[str, ...] = ()
        super().__init__(label, **kwargs)

    @property
    def error_href(self) -> str:
        """The first box that is wrong; the day when all are."""
        return f"#{self.name}-{(*self.wrong_parts, 'day')[0]}"

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Keep three boxes, however many were posted."""
        typed = [value if isinstance(value, str) else "" for value in valuelist]
        self.raw_data = [text.showable(value) for value in (*typed, "", "", "")[:3]]
        self.data = None

    def pre_validate(self, form: FlaskForm) -> None:
        """Say which box is missing or wrong, the first time, in one sentence."""
        if self.raw_data is None:
            self.stop_if_empty(self.data is None)
            return
        typed = [value.strip() for value in self.raw_data]
        if not any(typed):
            self.wrong_parts = self.PARTS
            self.stop_if_empty(is_empty=True)
        missing = tuple(part for part, value in zip(self.PARTS, typed, strict=True) if not value)
        if missing:
            self._refuse(f"{self.called} must include a {' and '.join(missing)}", *missing)
        day, month, year = _number(typed[0]), _month(typed[1]), _number(typed[2])
        if year is not None and year < 1000 and len(typed[2]) < 4:
            self._refuse(f"{self.called} must have a year of 4 numbers, like 1985", "year")
        if year is not None and not self.EARLIEST_YEAR <= year <= self.LATEST_YEAR:
            self._refuse(f"{self.called} must be between {self.EARLIEST_YEAR} and {self.LATEST_YEAR}", "year")
        try:
            self.data = date(year or 0, month or 0, day or 0)
        except ValueError:
            unclear = zip(self.PARTS, (day, month, year), strict=True)
            wrong = [part for part, value in unclear if value is None or (part == "month" and not 1 <= value <= 12)]
            self._refuse(f"{self.called} must be a real date, like 27 3 1985", *(wrong or ["day"]))

    def _refuse(self, words: str, *parts: str) -> None:
        self.wrong_parts = parts
        raise StopValidation(words)

    def _value(self) -> str:
        return " ".join(self.raw_data) if self.raw_data else str(self.data or "")

    def post_validate(self, form: FlaskForm, validation_stopped: bool) -> None:
        """A validator of a form that refuses a real date means all of it."""
        if self.errors and not self.wrong_parts:
            self.wrong_parts = self.PARTS


class TimeField(TextField):
    """A time of day; `data` is a time, or None. 18:00, 6pm, 6.30 pm and 1830 are all understood."""

    max_length = 20

    def __init__(self, label: str | None = None, **kwargs: Any) -> None:
        """A narrow box."""
        super().__init__(label, **{"width": 5, **kwargs})

    def check(self) -> None:
        """Read it as a person would."""
        found = TIME.fullmatch(self.data.lower().strip())
        words = {"midday": time(12), "noon": time(12), "midnight": time(0)}
        if self.data.lower() in words:
            self.data = words[self.data.lower()]
            return
        hour, minute = (int(found[1]), int(found[2] or 0)) if found else (99, 99)
        half = found[3] if found else None
        if half and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half == "p" else 0)
        elif half or (found and not found[2]):
            hour = 99  # "25pm" is no time, and "6" alone may be morning or evening
        if hour > 23 or minute > 59:
            raise StopValidation(f"{self.called} must be a time, like 6pm or 18:30")
        self.data = time(hour, minute)

    def post_validate(self, form: FlaskForm, validation_stopped: bool) -> None:
        """No text is left where a time is meant."""
        if not isinstance(self.data, time):
            self.data = None

    def _value(self) -> str:
        return super()._value() if self.raw_data else (f"{self.data:%H:%M}" if self.data else "")


class WholeNumberField(TextField):
    """A whole number from `least` to `most`; `data` is an int, or None."""

    max_length = 40

    def __init__(
        self, label: str | None = None, *, least: int = 0, most: int = LARGEST, unit: str = "", **kwargs: Any
    ) -> None:
        """`unit` is shown after the box, like "minutes"."""
        super().__init__(label, **{"width": 5, **kwargs})
        self.least, self.most = least, most
        self.gov_params["inputmode"] = "numeric"
        if unit:
            self.gov_params["suffix"] = {"text": unit}

    def check(self) -> None:
        """Digits, with commas and spaces as people write them."""
        number = _number(self.data.replace(",", "").replace(" ", ""))
        if number is None:
            raise StopValidation(f"{self.called} must be a whole number, like {max(self.least, min(20, self.most))}")
        if not self.least <= number <= self.most:
            limits = f"between {self.least:,} and {self.most:,}" if self.most < LARGEST else f"{self.least:,} or more"
            raise StopValidation(f"{self.called} must be {limits}")
        self.data = number

    def post_validate(self, form: FlaskForm, validation_stopped: bool) -> None:
        """No text is left where a number is meant."""
        if not isinstance(self.data, int):
            self.data = None

    def _value(self) -> str:
        return super()._value() if self.raw_data else ("" if self.data is None else str(self.data))


class VersionField(HiddenField):
    """Which version of a record this page was drawn from; rubbish counts as a version that never was."""

    NEVER = -1

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the number the page carried."""
        number = _number(valuelist[0]) if valuelist and isinstance(valuelist[0], str) else None
        self.data = self.NEVER if number is None or number > LARGEST else number

    def _value(self) -> str:
        return "" if self.data is None else str(self.data)


def _number(typed: str) -> int | None:
    typed = typed.strip()
    sign = -1 if typed.startswith(("-", "−")) else 1
    digits = typed.lstrip("-−")
    # Urdu and Arabic digits are numbers too; forty of them are none.
    return sign * int(digits) if digits.isdecimal() and len(digits) <= 12 else None


def _month(typed: str) -> int | None:
    word = typed.strip().lower().rstrip(".")
    if len(word) >= 3:
        for number, month in enumerate(MONTHS, start=1):
            if month.startswith(word):
                return number
    return _number(typed)
