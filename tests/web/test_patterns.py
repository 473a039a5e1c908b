"""Rows that are drawn once and filled in many times."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from portal.web.patterns import Pattern

ROW = Pattern(Markup('<li id="row-[[id]]"><bdi>[[name]]</bdi>[[more]]<input name="code-[[id]]"></li>'))


def test_every_place_gets_its_value() -> None:
    filled = ROW(id=7, name="Siân", more=Markup("<em>late</em>"))
    assert filled == '<li id="row-7"><bdi>Siân</bdi><em>late</em><input name="code-7"></li>'


@given(name=st.text())
def test_whatever_somebody_is_called_is_escaped_as_in_any_template(name: str) -> None:
    assert f"<bdi>{escape(name)}</bdi>" in ROW(id=1, name=name, more="")


def test_a_value_that_looks_like_a_place_stays_as_it_was_typed() -> None:
    assert "<bdi>[[id]]</bdi>" in ROW(id=7, name="[[id]]", more="")


def test_a_place_without_a_value_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        ROW(id=7, name="Siân")
