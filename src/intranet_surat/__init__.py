"""Letters of an Indonesian regency: a traversal-based Pyramid intranet."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyramid.config import Configurator


def includeme(config: Configurator) -> None:
    """The only thing a host application calls: ``config.include('intranet_surat')``.

    The directives come first, so that a host may use or override them right after this call; views are
    scanned by the web room. The House is built when the configuration commits.
    """
    config.include("intranet_surat.config")
    config.include("intranet_surat.web")
