"""The GOV.UK widgets with their known faults put right."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from flask import current_app
from govuk_frontend_wtf import wtforms_widgets as govuk
from govuk_frontend_wtf.main import merger
from markupsafe import Markup


class _Corrected:
    """What all widgets do: take the field's own settings, leave out empty hints and `required`."""

    def map_gov_params(self, field: Any, **kwargs: Any) -> dict[str, Any]:
        """The parameters of the component's macro for this field."""
        # The server says what is missing, in our words; the browser's own bubbles stop screen reader users.
        kwargs.pop("required", None)
        kwargs["params"] = merger.merge(deepcopy(field.gov_params), kwargs.pop("params", {}))
        params: dict[str, Any] = super().map_gov_params(field, **kwargs)  # type: ignore[misc]
        hint = params.get("hint") or {}
        if not (hint.get("text") or hint.get("html")):
            params.pop("hint", None)
        return params

    def render(self, params: dict[str, Any]) -> Markup:
        """Draw the component alone: what the page knows about its reader is not asked for again at each field."""
        template = current_app.jinja_env.get_template(self.template)  # type: ignore[attr-defined]
        return Markup(template.render(params=params))  # noqa: S704 - the template escapes


class TextWidget(_Corrected, govuk.GovTextInput):
    """One line of text."""


class TextareaWidget(_Corrected, govuk.GovTextArea):
    """Several lines of text."""


class CharacterCountWidget(_Corrected, govuk.GovCharacterCount):
    """Several lines of text, counting down as the limit comes near."""


class PasswordWidget(_Corrected, govuk.GovPasswordInput):
    """A password that can be shown; what was typed is never sent back."""


class FileWidget(_Corrected, govuk.GovFileInput):
    """The browser's own file chooser."""


class SelectWidget(_Corrected, govuk.GovSelect):
    """A drop-down list."""


class CheckboxWidget(_Corrected, govuk.GovCheckboxInput):
    """One box to tick."""


class _WithHints(_Corrected):
    """Choices that may each carry a hint."""

    def map_gov_params(self, field: Any, **kwargs: Any) -> dict[str, Any]:
        """Add each choice's hint to its item."""
        hints = {str(value): words for value, words in field.hints.items()}
        for item in kwargs.get("items", []):
            if words := hints.get(str(item["value"])):
                item["hint"] = {"text": words}
        return super().map_gov_params(field, **kwargs)


class RadiosWidget(_WithHints, govuk.GovRadioInput):
    """One answer of a few."""


class CheckboxesWidget(_WithHints, govuk.GovCheckboxesInput):
    """Any answers of a few."""


class DateWidget(_Corrected, govuk.GovDateInput):
    """Day, month and year; only the boxes that are wrong are red."""

    def map_gov_params(self, field: Any, **kwargs: Any) -> dict[str, Any]:
        """The three boxes, whatever was posted for them."""
        params = super().map_gov_params(field, **kwargs)
        for part, item in zip(field.PARTS, params["items"], strict=True):
            if part not in field.wrong_parts:
                item["classes"] = item["classes"].replace("govuk-input--error", "").strip()
            if field.is_birthday:
                item["autocomplete"] = f"bday-{part}"
            if part == "month":
                item["inputmode"] = "text"  # "Nov" is welcome too
        return params
