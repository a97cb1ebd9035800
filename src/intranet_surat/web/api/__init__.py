"""JSON answers in the manner of plone.restapi: ``@id``, ``@type``, ``title``, ``items``, ``batching``.

`api.lists` builds summaries and folders; errors are built in `web.errors`, letters in `web.letter_json`.
"""

from __future__ import annotations

from intranet_surat.web.api.lists import batching, folder, instant, summary

__all__ = ["batching", "folder", "instant", "summary"]
