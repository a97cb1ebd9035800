"""A letter and its dispositions as JSON, in the manner of plone.restapi, made of the same data as the page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pyramid.request import Request

from intranet_surat.kinds import json_schema
from intranet_surat.web import asked_form
from intranet_surat.web.letter_page import LetterPage
from intranet_surat.workflow.model import Form


def build(request: Request, page: LetterPage) -> dict[str, Any]:
    """Make the body of a letter's or a disposition's JSON answer."""
    here = request.resource_url(page.item)
    base = request.resource_url(page.letter)
    fields = {name: value for name, value in page.item.fields.items() if not name.startswith("_")}
    found: dict[str, Any] = {
        "@id": here,
        "@type": "Letter" if page.item is page.letter else "Disposition",
        "id": page.id,
        "title": page.subject,
        "kind": page.letter.kind,
        "direction": page.letter.direction,
        "state": page.state,
        "state_title": page.state_title,
        "version": page.version,
        "due": text(page.due),
        "fields": fields,
        "items": [_child(request, each) for each in page.item.dispositions()],
        "items_total": len(page.item.dispositions()),
        "actions": actions(request, page),
        "refused": [
            {"id": each.id, "title": each.title, "why": each.says, "who": list(each.positions)} for each in page.refused
        ],
        "editable": page.may_edit,
        "frozen": page.letter.frozen,
        "files": [_file(base, each) for each in ((page.paper,) if page.paper else ()) + page.files],
        "deliveries": [delivery(each) for each in page.deliveries],
        "related": [{"relation": each.words, "@id": request.resource_url(each.letter)} for each in page.related],
        "history": base + "@@riwayat",
    }
    if page.item is not page.letter:
        found["holder"] = page.item.holder
        found["giver"] = page.item.giver
        found["letter"] = base
    return found


def actions(request: Request, page: LetterPage) -> list[dict[str, Any]]:
    """Return the allowed actions with the schema of what each asks."""
    here = request.resource_url(page.item)
    return [
        {
            "id": act.id,
            "title": act.title,
            "kind": act.kind,
            "form": schema(request, act.form),
            "@id": f"{here}@@aksi/{act.id}",
        }
        for act in page.acts
    ]


def schema(request: Request, form: Form | None) -> Mapping[str, Any]:
    """Return the JSON Schema of a flow's form; an empty object for an action that asks nothing."""
    words = request.house.reference.vocabularies()
    fields = form.fields.values() if form is not None else ()
    return json_schema.form_schema(
        json_schema.Asked(
            name=each.name,
            type=each.type,
            title=asked_form.title(each),
            required=each.required,
            choices=tuple(words[each.of].items()) if each.of in words else None,
            default=each.default if isinstance(each.default, str | bool | int) else None,
            accept=tuple(each.accept),
        )
        for each in fields
    )


def text(value: datetime | None) -> str | None:
    """Return an instant as ISO text."""
    return value.isoformat() if value is not None else None


def _child(request: Request, item: Any) -> dict[str, Any]:
    return {
        "@id": request.resource_url(item),
        "@type": "Disposition",
        "id": item.id,
        "holder": item.holder,
        "giver": item.giver,
        "state": item.state,
        "due": text(item.due),
        "open": item.outcome is None,
        "fields": dict(item.fields),
    }


def _file(base: str, paper: Any) -> dict[str, Any]:
    return {
        "sha256": paper.sha256,
        "kind": paper.kind,
        "filename": paper.filename,
        "size": paper.size,
        "pages": paper.pages,
        "@id": f"{base}@@berkas?sha={paper.sha256}",
    }


def delivery(row: Any) -> dict[str, Any]:
    """Return one addressee of a sent letter; ``kiriman`` is what the dispatch log calls it."""
    sent = row.delivery
    return {
        "kiriman": sent.id,
        "addressee": row.title,
        "channel": sent.channel,
        "state": sent.state,
        "state_title": row.state,
        "copy": sent.copy,
        "at": text(row.at),
    }
