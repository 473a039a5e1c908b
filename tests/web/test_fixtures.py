"""The components' macros in Python draw what the npm package's own examples say, example by example."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import html5lib
import pytest
from flask import Flask

from tests.markup import elements
from tests.skips import ROOT, needs
from tests.web.small_app import small_app

COMPONENTS = ROOT / "node_modules" / "govuk-frontend" / "dist" / "govuk" / "components"
NAMES = sorted(path.parent.name for path in COMPONENTS.glob("*/fixtures.json")) or ["none"]
EXAMPLES_IN_ALL = 657


@cache
def examples(component: str) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = json.loads((COMPONENTS / component / "fixtures.json").read_text("utf-8"))["fixtures"]
    return read


@pytest.fixture(scope="module")
def app() -> Flask:
    return small_app()


@pytest.mark.parametrize("component", NAMES)
def test_a_component_is_drawn_as_its_package_says(component: str, app: Flask) -> None:
    needs("node_modules/govuk-frontend")
    words = component.title().replace("-", "")
    template = app.jinja_env.from_string(
        f'{{% from "govuk_frontend_jinja/components/{component}/macro.html" import govuk{words} %}}'
        f"{{{{ govuk{words}(options) }}}}"
    )
    differing = [
        example["name"]
        for example in examples(component)
        if _shape(template.render(options=example["options"])) != _shape(example["html"])
    ]
    assert not differing


def test_no_example_was_left_out() -> None:
    needs("node_modules/govuk-frontend")
    assert sum(len(examples(name)) for name in NAMES) == EXAMPLES_IN_ALL


def _shape(html: str) -> list[object]:
    """A page's elements and words, without the spaces between them and the order of attributes."""
    fragment = html5lib.parseFragment(html, namespaceHTMLElements=False)
    return [
        (
            element.tag,
            sorted((name, " ".join(value.split())) for name, value in element.attrib.items()),
            " ".join((element.text or "").split()),
            " ".join((element.tail or "").split()),
        )
        for element in elements(fragment)
    ]
