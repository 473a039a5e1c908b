"""Who is called after an alarm."""

from __future__ import annotations

from courses.marks import Code
from portal.registers.rules import Person
from portal.sheets.rules import expected, reasons_against_count


def person(number: int, code: Code | None, blocked: str = "") -> Person:
    return Person(number, number, f"Person {number}", blocked, code=code)


def test_those_present_and_late_are_called_and_nobody_who_is_elsewhere():
    group = [person(n, code) for n, code in enumerate((Code.P, Code.L, Code.V, Code.A, Code.U, Code.E, None))]
    found = expected([*group, person(9, Code.P, blocked="Has left the course")])
    assert [each.code for each in found.here] == [Code.P, Code.L]
    assert [each.code for each in found.unmarked] == [None]
    assert [each.code for each in found.gone_home] == [Code.E]


def test_only_people_on_the_list_can_be_counted():
    here = [person(1, Code.P)]
    assert reasons_against_count({1}, here) == []
    assert "look at the list again" in reasons_against_count({1, 2}, here)[0]
