"""What every field of ours has in common, and how a form's errors are listed above it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from wtforms import fields as wtf
from wtforms.validators import StopValidation


class OurField:
    """What all our fields take: words for an empty answer, a hint, a name for messages, macro settings."""

    data: Any
    raw_data: Any

    def __init__(
        self,
        label: str | None = None,
        *,
        required: str | None = None,
        hint: str = "",
        called: str | None = None,
        params: Mapping[str, Any] | None = None,
        validators: Iterable[Callable[[Any, Any], None]] = (),
        **kwargs: Any,
    ) -> None:
        self.required = required
        self.gov_params: dict[str, Any] = dict(params or {})
        super().__init__(label, validators=list(validators), description=hint, **kwargs)  # type: ignore[call-arg]
        self.called = called or self.label.text.rstrip("?")  # type: ignore[attr-defined]

    @property
    def error_href(self) -> str:
        """Where the error summary sends a person."""
        return f"#{self.id}"  # type: ignore[attr-defined]

    def stop_if_empty(self, is_empty: bool) -> None:
        """End the checks here when there is nothing to check."""
        if is_empty:
            raise StopValidation(self.required or "")


def form_errors(form: Iterable[Any]) -> list[dict[str, str]]:
    """Every error of a form in the order of its fields, each with a link to the place to put it right."""
    found = [{"text": str(error)} for error in getattr(form, "form_errors", [])]
    for field in form:
        found.extend(_errors_of(field))
    return found


def _errors_of(field: Any) -> Iterator[dict[str, str]]:
    if isinstance(field, wtf.FormField):
        yield from form_errors(field.form)
    elif isinstance(field, wtf.FieldList):
        for entry in field:
            yield from _errors_of(entry)
        yield from ({"text": str(error)} for error in field.errors if isinstance(error, str))
    elif field.errors:
        words = {"text": str(field.errors[0])}
        is_seen = not isinstance(field, wtf.HiddenField)
        yield words | ({"href": getattr(field, "error_href", f"#{field.id}")} if is_seen else {})
