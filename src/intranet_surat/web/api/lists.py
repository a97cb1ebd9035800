"""Rows and folders as JSON. Only what the reader's own row holds is told: nothing here wakes a letter."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pyramid.request import Request

from intranet_surat.web.layout import Batch, RowView, row_view

Json = dict[str, Any]


def summary(request: Request, row: Any) -> Json:
    """One row: what a list says of a letter or a disposition."""
    shown = row if isinstance(row, RowView) else row_view(request, row)
    return {
        "@id": shown.url,
        "@type": "Disposition" if shown.item != shown.letter else "Letter",
        "id": shown.item,
        "title": shown.subject,
        "direction": shown.direction,
        "kind": shown.kind,
        "office": shown.office,
        "year": shown.year,
        "number": shown.number,
        "agenda_number": shown.order or None,
        "sender": shown.sender,
        "state": shown.state,
        "state_title": shown.state_title,
        "action_title": shown.act_title,
        "turn": shown.turn or None,
        "due": instant(shown.due),
        "since": instant(shown.since),
        "at": instant(shown.at),
        "urgency": shown.urgency,
        "security": shown.security,
        "unread": shown.unread,
        "masked": shown.masked,
    }


def folder(url: str, kind: str, title: str, items: Iterable[Json], *, batch: Batch | None = None, **more: Any) -> Json:
    """A folder with its items; with ``batch`` they are a stretch of a longer list."""
    listed = list(items)
    found: Json = {"@id": url, "@type": kind, "title": title, **more, "items": listed}
    found["items_total"] = batch.total if batch is not None else len(listed)
    if batch is not None and (batch.previous or batch.next):
        found["batching"] = batching(batch)
    return found


def batching(batch: Batch) -> Json:
    """The addresses of the neighbouring stretches; those that do not exist are left out."""
    found = {"@id": batch.at(batch.start), "first": batch.at(0), "last": batch.last}
    if batch.previous:
        found["prev"] = batch.previous
    if batch.next:
        found["next"] = batch.next
    return found


def instant(value: datetime | None) -> str | None:
    """An instant as ISO 8601, or null."""
    return value.isoformat() if value is not None else None
