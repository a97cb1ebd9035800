"""Colander types for what a flow asks and `kinds` has no type for: several choices, and files."""

from __future__ import annotations

from typing import Any

import colander

from intranet_surat.web.forms.widgets import Chosen


class Several(colander.SchemaType):
    """A list of codes, each one of ``allowed``."""

    def __init__(self, allowed: frozenset[str]) -> None:
        """Allow these codes."""
        self.allowed = allowed

    def serialize(self, _node: Any, appstruct: Any) -> Any:
        """The codes as the form shows them."""
        return colander.null if appstruct in (colander.null, None) else list(appstruct)

    def deserialize(self, node: Any, cstruct: Any) -> Any:
        """The codes in order, each once; raises colander.Invalid for a code that is not offered."""
        if cstruct is colander.null:
            return colander.null
        if not isinstance(cstruct, list) or not set(cstruct) <= self.allowed:
            raise colander.Invalid(node, f"{node.title}: ada pilihan yang tidak ada dalam daftar. Pilih lagi.")
        return list(dict.fromkeys(cstruct))

    def cstruct_children(self, _node: Any, _cstruct: Any) -> list[Any]:
        """One value for colander."""
        return []


class FileChoice(colander.SchemaType):
    """A file field; what is in the file is judged by `services.uploads`."""

    def serialize(self, _node: Any, _appstruct: Any) -> Any:
        """A file is never shown in a form."""
        return colander.null

    def deserialize(self, node: Any, cstruct: Any) -> Any:
        """What was chosen; raises colander.Invalid for anything else."""
        if cstruct is colander.null:
            return colander.null
        if not isinstance(cstruct, Chosen):
            raise colander.Invalid(node, f"{node.title}: pilih berkas dari perangkat Anda.")
        return cstruct

    def cstruct_children(self, _node: Any, _cstruct: Any) -> list[Any]:
        """One value for colander."""
        return []
