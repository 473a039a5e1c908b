"""What a first hello is called."""

from __future__ import annotations

from portal.enquiries.rules import reference


def test_a_reference_can_be_read_out():
    assert (reference(7), reference(12345)) == ("H-0007", "H-12345")
