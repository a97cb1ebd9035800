"""View predicates of ours."""

from __future__ import annotations

from typing import Any

from pyramid.config import Configurator
from pyramid.request import Request

from intranet_surat.resources.site import Section
from intranet_surat.web.headers import is_ours


class InSurat:
    """``in_surat=True``: only for requests that reached our site, so that a host keeps its own error pages."""

    def __init__(self, value: bool, _config: Configurator) -> None:
        """Remember whether the request must be ours."""
        self.value = value

    def text(self) -> str:
        """How Pyramid tells views apart."""
        return f"in_surat = {self.value}"

    phash = text

    def __call__(self, _context: Any, request: Request) -> bool:
        """Whether the view applies."""
        return is_ours(request) is self.value


class AsWritten:
    """``as_written="v"``: only at ``.../v/`` and below, letter for letter as our addresses are written.

    Traversal finds the same view at ``/v``, ``/@@v/``, ``/%40%40v/`` and below a root that a header names; what a proxy
    bounds by the address would have those as doors beside it.
    """

    def __init__(self, value: str, _config: Configurator) -> None:
        """Remember the name of the view."""
        self.value = value

    def text(self) -> str:
        """How Pyramid tells views apart."""
        return f"as_written = {self.value}"

    phash = text

    def __call__(self, _context: Any, request: Request) -> bool:
        """Whether the view applies."""
        parts = [each for each in request.subpath if each]
        written = "/".join(("", self.value, *parts))
        address: str = request.path_info
        return address.endswith(f"{written}/") or bool(parts and address.endswith(written))


class Drawer:
    """``drawer="letters"``: only below the two drawers of an office that hold letters; else a drawer by name."""

    def __init__(self, value: str, _config: Configurator) -> None:
        """Remember which drawer."""
        self.value = value

    def text(self) -> str:
        """How Pyramid tells views apart."""
        return f"drawer = {self.value}"

    phash = text

    def __call__(self, context: Any, _request: Request) -> bool:
        """Whether the view applies."""
        while context is not None and not isinstance(context, Section):
            context = getattr(context, "__parent__", None)
        if context is None:
            return False
        return context.direction in {"masuk", "keluar"} if self.value == "letters" else context.direction == self.value
