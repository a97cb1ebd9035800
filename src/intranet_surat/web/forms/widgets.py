"""The controls of forms, drawn by templates/forms; each turns what a browser sends into what colander reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import colander
from deform.widget import Widget

Option = tuple[str, str, str]
"""What is sent, what is read, and a line under it."""
CELL = "sel"
"""The name of each cell of a row."""


class Control(Widget):
    """A control with a label of its own. ``grouped`` ones are a fieldset with a legend."""

    grouped = False
    template = "text"

    def serialize(self, field: Any, cstruct: Any, **kw: Any) -> Any:
        """The control as HTML."""
        value = "" if cstruct in (colander.null, None) else cstruct
        return field.renderer(self.template, field=field, widget=self, value=value, **kw)

    def deserialize(self, _field: Any, pstruct: Any) -> Any:
        """What was typed, or null."""
        if pstruct is colander.null or pstruct is None or not isinstance(pstruct, str) or not pstruct.strip():
            return colander.null
        return pstruct


class Box(Control):
    """One line of text; dates and numbers are typed here too. ``options`` are proposals, not limits."""

    inputmode: str | None = None
    css_class = ""
    options: Sequence[Option] = ()


class Lines(Control):
    """Several lines of text."""

    template = "lines"
    rows = 4


class Menu(Control):
    """One of many, in a list that opens."""

    template = "menu"
    options: Sequence[Option] = ()
    empty = ""


class YesNo(Control):
    """One tick."""

    template = "yesno"

    def deserialize(self, _field: Any, pstruct: Any) -> Any:
        """``ya`` when ticked; not ticked is an answer too."""
        return "ya" if pstruct == "ya" else "tidak"


class Files(Control):
    """A file, or several.

    ``kept`` is what is stored from an earlier sending (with sha256, filename, size, pages): a browser cannot
    send a chosen file again by itself.
    """

    template = "files"
    multiple = False
    accept = ""
    kept: Any = None

    def deserialize(self, _field: Any, pstruct: Any) -> Any:
        """The name of what was chosen, or null: the bytes are taken by `web.letter_uploads`, not by the form."""
        sent = pstruct.get("berkas") if isinstance(pstruct, dict) else None
        names = (getattr(each, "filename", "") for each in (sent if isinstance(sent, list) else [sent]))
        return next((name for name in names if name), colander.null)


class Rows(Control):
    """Rows of columns over a value that is text, one line a row, cells parted by ``|``.

    ``columns`` are titles; ``spare`` is how many empty rows follow the filled ones, and "Tambah baris" sends the
    form for more. ``proposals`` are what a browser offers while a column is typed; anything else may be typed too.
    """

    template = "rows"
    grouped = True
    columns: Sequence[str] = ()
    proposals: Sequence[Sequence[str]] = ()
    spare = 1

    def serialize(self, field: Any, cstruct: Any, **kw: Any) -> Any:
        """The rows as boxes."""
        lines = cstruct.splitlines() if isinstance(cstruct, str) else []
        cells = [self._cells(line) for line in lines if line.strip(" |")]
        cells += [[""] * len(self.columns)] * self.spare
        return field.renderer(self.template, field=field, widget=self, value=cells, **kw)

    def deserialize(self, _field: Any, pstruct: Any) -> Any:
        """The text that the kind reads."""
        if isinstance(pstruct, str):
            return pstruct if pstruct.strip() else colander.null
        lines = []
        for row in pstruct if isinstance(pstruct, list) else []:
            cells = [each.strip() for each in row if isinstance(each, str)] if isinstance(row, list) else []
            if any(cells):
                lines.append(" | ".join(cells).rstrip(" |"))
        return "\n".join(lines) if lines else colander.null

    def _cells(self, line: str) -> list[str]:
        cells = [each.strip() for each in line.split("|")]
        return (cells + [""] * len(self.columns))[: max(len(self.columns), len(cells))]
