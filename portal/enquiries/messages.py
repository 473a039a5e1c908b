"""Letters to people who said hello."""

from __future__ import annotations

from typing import Any

from portal.carriers.rules import Carrier
from portal.enquiries.models import Enquiry
from portal.messages.rules import Letter, Reach
from portal.volunteers.models import Channel
from portal.web.formats import day

CARRIERS = {Channel.EMAIL: Carrier.EMAIL, Channel.TEXT: Carrier.TEXT}
"""What can carry a letter to them; whoever would like to be rung is rung."""


def enquiry_received(enquiry: Enquiry) -> Letter:
    """We have it, and by when we answer."""
    return _letter("enquiry_received", enquiry, reply_by=day(enquiry.reply_by))


def enquiry_area_open(enquiry: Enquiry) -> Letter:
    """They asked to hear when the area opens: it has."""
    path = f"/schemes/{enquiry.scheme.slug}/{enquiry.area.slug}"
    return _letter("enquiry_area_open", enquiry, path="" if enquiry.hide_scheme_name else path)


def _letter(template: str, enquiry: Enquiry, **facts: Any) -> Letter:
    scheme = enquiry.scheme
    return Letter(
        template=template, to_address=enquiry.email, to_name=enquiry.name,
        facts={
            "reference": enquiry.reference, "phone": scheme.phone,
            "signed_by": "Alongside" if enquiry.hide_scheme_name else scheme.name, **facts,
        },
        scheme_id=scheme.id,
        reach=Reach(
            CARRIERS.get(enquiry.channel, Carrier.HAND), email=enquiry.email, phone=enquiry.phone,
            safe_from=enquiry.safe_from, safe_until=enquiry.safe_until,
            hidden_name=scheme.name if enquiry.hide_scheme_name else "",
        ),
    )  # fmt: skip
