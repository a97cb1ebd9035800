"""View predicates of ours."""

from __future__ import annotations

from typing import Any

from pyramid.config import Configurator
from pyramid.request import Request

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
