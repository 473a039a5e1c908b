"""The field in which somebody chooses a file: what is wrong with it is said at the field."""

from __future__ import annotations

from typing import Any

from werkzeug.datastructures import FileStorage
from wtforms import fields as wtf
from wtforms.validators import StopValidation

from portal.files import rules, services
from portal.refusals import Refused
from portal.web.own import OurField
from portal.web.widgets import FileWidget


class UploadField(OurField, wtf.FileField):
    """One file; `data` is an `Examined` when it may be kept, None when none was chosen. Its form needs multipart."""

    widget = FileWidget()
    chosen: FileStorage | None

    def __init__(
        self,
        label: str | None = None,
        *,
        kinds: tuple[rules.Kind, ...] = rules.KINDS,
        most: int = rules.MOST_BYTES,
        **kwargs: Any,
    ) -> None:
        """`kinds` are the files welcome here, `most` is their size in bytes."""
        self.kinds, self.most = kinds, most
        kwargs.setdefault("hint", f"{rules.listed(kinds)}, up to {rules.size_words(most)}")
        super().__init__(label, **kwargs)
        self.gov_params["attributes"] = {"accept": ",".join(f".{end}" for kind in kinds for end in kind.endings)}

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the first file; a text where a file was meant is none."""
        self.data = None
        self.chosen = next((each for each in valuelist if isinstance(each, FileStorage) and each.filename), None)

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        """Begin without a file."""
        self.chosen = None
        super().process(formdata, *args, **kwargs)

    def pre_validate(self, form: Any) -> None:
        """Look at the file before anything else is asked of it."""
        self.stop_if_empty(self.chosen is None)
        assert self.chosen is not None
        # One byte more than is welcome is enough to know, and no more is ever held.
        content = self.chosen.stream.read(self.most + 1)
        try:
            self.data = services.examined(self.chosen.filename or "", content, kinds=self.kinds, most=self.most)
        except Refused as refused:
            raise StopValidation(refused.reasons[0]) from refused

    def _value(self) -> bool:
        return False
