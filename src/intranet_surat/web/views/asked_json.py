"""What every form asks, for programs: a GET of the address that is posted to answers with a JSON Schema and values.

The lists that forms choose from have an address of their own, ``<office>/@@daftar/<name>``: the classification
has thousands of codes and stands in no schema.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pyramid.request import Request

from intranet_surat.errors import Unknown
from intranet_surat.kinds import json_schema, schema
from intranet_surat.resources.letter import Disposition, Item, Letter
from intranet_surat.resources.site import Office, Section
from intranet_surat.services import explaining, seals, signing_attempts
from intranet_surat.web import act_words, api, delivered, kind_lists, letter_acts, letter_json, replies
from intranet_surat.web.kind_form import KindForm
from intranet_surat.web.layout import batch, batch_asked
from intranet_surat.web.negotiation import data
from intranet_surat.web.views import compose, counter, edit, letter_act, register_incoming

LONGEST = 200


@data(permission="logged in", context=Section, name="tambah", drawer="masuk", request_method="GET")
def incoming(context: Section, request: Request) -> dict[str, Any]:
    """What registering a letter asks; with ``?kiriman=`` what the delivery knows already."""
    actor, _flow = register_incoming.author(context, request)
    source = register_incoming.came_by(context, request)
    made = register_incoming.kind_form(context, request, actor.position)
    values = {"received_at": request.now.isoformat(), "addressee": context.__parent__.head}
    if source is not None:
        values |= delivered.prefilled(request.site, source)
    boxes = () if source is not None else register_incoming.BOXES
    return form(request, made, request.resource_url(context, "@@tambah"), values, boxes)


@data(permission="logged in", context=Section, name="tambah", drawer="keluar", request_method="GET")
def outgoing(context: Section, request: Request) -> dict[str, Any]:
    """What a draft of ``?jenis=`` asks, for a reply (``?balas=``) filled in; without a kind those one may write."""
    office, here = context.__parent__, request.resource_url(context, "@@tambah")
    name = request.GET.get("jenis", "")
    if not name:
        items = [
            {"@id": f"{here}?jenis={each.id}", "@type": "Kind", "id": each.id, "title": each.title}
            for each in compose.writable(request, office)
        ]
        return api.folder(here, "Kinds", "Jenis surat", items)
    kind = compose.kind_asked(request, name)
    actor, _flow = compose.begun(request, office, kind)
    source = compose.answered(request)
    values = replies.prefilled(request.site, source, kind) if source is not None else {}
    made = KindForm(request, kind, office, actor.position)
    return form(request, made, f"{here}?jenis={kind.id}", values, compose.BOXES)


@data(permission="view", context=Letter, name="ubah", request_method="GET")
def stored(context: Letter, request: Request) -> dict[str, Any]:
    """What correcting a letter asks, with the stored values and the version that they are."""
    made, _kind = edit.editing(context, request)
    here = request.resource_url(context, "@@ubah")
    return form(request, made, here, context.fields, edit.boxes(context)) | {"version": context.version}


@data(permission="logged in", context=Office, name="loket", request_method="GET")
def at_counter(context: Office, request: Request) -> dict[str, Any]:
    """What the counter of a village asks, and its queue with names shortened."""
    made, _kind = counter.form_of(context, request)
    values = {"signatory": context.head} if context.head else {}
    here = request.resource_url(context, "@@loket")
    return form(request, made, here, values, counter.BOXES) | counter.queue(context, request)


@data(permission="view", context=Letter, name="aksi", request_method="GET")
@data(permission="view", context=Disposition, name="aksi", request_method="GET")
def action(context: Item, request: Request) -> dict[str, Any]:
    """What an action asks and what follows it. Raises Unknown, and NotAllowed with the sentence when it is refused."""
    offer = letter_act.offered(context, request)
    if offer is None:
        raise Unknown
    if not offer.allowed:
        raise letter_act.refusal(context, request, offer)
    house, site, reader, now = request.house, request.site, request.reader, request.now
    [act] = letter_acts.acts([offer])
    found = letter_json.action(request, context, act) | {"@type": "Action", "version": context.letter.version}
    found["follows"] = act_words.foretold(house, site, context, offer.action, reader, now).as_dict()
    if offer.kind == "sign" and not seals.instead(house, site, context.letter):
        found["patience"] = signing_attempts.patience(site, reader.person, now).as_dict()
    return found


@data(permission="view", context=Letter, name="jelaskan", request_method="GET")
@data(permission="view", context=Disposition, name="jelaskan", request_method="GET")
def explained(context: Item, request: Request) -> dict[str, Any]:
    """Why not, who can, and what first: for every action of the flow, or for the one that the address names."""
    house, site, reader, now = request.house, request.site, request.reader, request.now
    found = explaining.explain_all(house, site, context, reader, now)
    if request.subpath:
        found = (explaining.explain(house, site, context, request.subpath[0], reader, now),)
    return letter_json.explained(request, context, found)


@data(permission="logged in", context=Office, name="daftar", request_method="GET")
def choices(context: Office, request: Request) -> dict[str, Any]:
    """One list that the office's forms choose from, by name; ``?q=`` keeps codes and labels that hold the words."""
    lists = kind_lists.of(request.house, request.site, context, request.words.today)
    name = request.subpath[0] if len(request.subpath) == 1 else ""
    if name not in lists:
        raise Unknown
    wanted = request.GET.get("q", "")[:LONGEST].casefold().split()
    found = [
        {"@type": "Choice", "id": code, "title": label}
        for code, label in lists[name].items()
        if all(code.startswith(word) or word in label.casefold() for word in wanted)
    ]
    start, size = batch_asked(request)
    here = request.resource_url(context, "@@daftar", name)
    shown = found[start : start + size]
    return api.folder(here, "Choices", name, shown, batch=batch(request, start, size, len(found)))


def form(request: Request, made: KindForm, here: str, values: Mapping[str, Any], boxes: Any) -> dict[str, Any]:
    """The form of a kind: its schema, the values it begins with, and the names under which files are sent."""
    asked = json_schema.kind_schema(made.kind, made.lists, made.narrow)
    lists = request.resource_url(made.office, "@@daftar")
    for field in asked["properties"].values():
        if "x-vocabulary" in field and field["x-vocabulary"] in made.lists:
            field["x-list"] = f"{lists}/{field['x-vocabulary']}"
    names = set(asked["properties"])
    known = {name: value for name, value in values.items() if name in names and value not in (None, "")}
    return {
        "@id": here,
        "@type": "Form",
        "title": made.kind.title,
        "kind": made.kind.id,
        "form": asked,
        "values": schema.initial(made.kind) | known,
        "files": [{"name": name, "title": title, "several": several} for name, title, several in boxes],
    }
