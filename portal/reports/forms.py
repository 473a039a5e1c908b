"""Which period the figures are for."""

from __future__ import annotations

from typing import Any

from portal.reports.rules import reasons_not_a_period
from portal.web.fields import Form
from portal.web.numbers import DateField


class PeriodForm(Form):
    """The first and the last day. Read from the address, so it carries no token."""

    class Meta(Form.Meta):
        """A GET form."""

        csrf = False

    begins_on = DateField(
        "From", hint="The first day that counts. Leave it empty for all time.", called="The first day"
    )
    ends_on = DateField("To", hint="The last day that counts. Leave it empty for today.", called="The last day")

    def validate(self, extra_validators: Any = None) -> bool:
        """Each day first, then both together."""
        if not super().validate(extra_validators):
            return False
        if reasons := reasons_not_a_period(self.begins_on.data, self.ends_on.data):
            self.ends_on.errors = reasons
            return False
        return True
