"""A letter and its dispositions as JSON, in the manner of plone.restapi, made of the same data as the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from pyramid.request import Request

from intranet_surat.kinds import json_schema
from intranet_surat.resources.letter import Item, Letter
from intranet_surat.services import acting, explaining, seals, signatories
from intranet_surat.services.delivery import final_file
from intranet_surat.services.explaining import Explained
from intranet_surat.services.itemview import org_at
from intranet_surat.services.org import SiteOrg
from intranet_surat.web import asked_form, secret_form, turn_words
from intranet_surat.web.api import folder
from intranet_surat.web.doubt_words import Doubt
from intranet_surat.web.letter_acts import Act
from intranet_surat.web.letter_page import LetterPage
from intranet_surat.workflow.model import Duration, Form

SECRETS = (("passphrase", secret_form.FIELD, "Frasa sandi"), ("totp", secret_form.CODE, "Kode sekali pakai"))
"""The secrets that a provider may ask for: its word, the name in a form, the title."""
ANSWERED = "reply_to"
"""The letter that is answered stands among the related ones, for who may see it; its address would tell others."""


def build(request: Request, page: LetterPage) -> dict[str, Any]:
    """Make the body of a letter's or a disposition's JSON answer."""
    here = request.resource_url(page.item)
    base = request.resource_url(page.letter)
    org = org_at(request.house, request.site, request.now)
    fields = {name: value for name, value in page.item.fields.items() if name[:1] != "_" and name != ANSWERED}
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
        "items": [_child(request, org, each) for each in page.item.dispositions()],
        "items_total": len(page.item.dispositions()),
        "actions": actions(request, page),
        "refused": [
            {
                "id": each.id,
                "title": each.title,
                "why": turn_words.refused(page.turn, each.id, each.says),
                "who": list(each.positions),
                "who_title": each.who,
                "remedy": explaining.told(each.remedy, org) if each.remedy is not None else None,
            }
            for each in page.refused
        ],
        **_papers(here, page),
        "editable": page.may_edit,
        "frozen": page.letter.frozen,
        "signatories": _signatories(page.letter),
        "turn": page.turn.as_dict() if page.turn is not None else None,
        "attempt": _attempt(base, page.doubt) if page.doubt is not None else None,
        "files": [_file(base, each) for each in ((page.paper,) if page.paper else ()) + page.files],
        "deliveries": [delivery(each) for each in page.deliveries],
        "related": [{"relation": each.words, "@id": request.resource_url(each.letter)} for each in page.related],
        "history": base + "@@riwayat",
        "verification": verification(request, page.letter),
    }
    if page.item is not page.letter:
        found |= _people(org, page.item)
        found["letter"] = base
    return found


def _attempt(base: str, doubt: Doubt) -> dict[str, Any]:
    """The attempt that keeps file and number until somebody decided: where its evidence is, and whether he may."""
    return {
        "@id": base + doubt.address,
        "id": doubt.attempt,
        "state": doubt.state,
        "why": doubt.says,
        "decides": doubt.mine,
    }


def _signatories(letter: Letter) -> list[dict[str, Any]]:
    """Of a file that several sign, each in his order, and whether he has signed; else empty."""
    every, begun = signatories.of(letter), signatories.begun(letter)
    done = len(every) if letter.fields.get("signed") else begun
    return [
        {name: each[name] for name in ("position", "title", "name", "label", "field")} | {"signed": number < done}
        for number, each in enumerate(every)
    ]


def _papers(here: str, page: LetterPage) -> dict[str, Any]:
    """What the reader may enter from the paper of another, and what was so entered and is not confirmed."""
    return {
        "from_paper": [
            {
                "id": each.action,
                "title": each.title,
                "for": each.position,
                "for_title": each.author,
                "@id": f"{here}@@dari-kertas/{each.action}/{each.position}",
            }
            for each in page.paper_acts.offers
        ],
        "unconfirmed": [
            {
                "seq": each.seq,
                "title": each.title,
                "by": each.author,
                "clerk": each.clerk,
                "written": each.written.isoformat(),
                "sheet": each.sheet,
                "disputed": each.reason if each.disputed else None,
                "@id": f"{here}@@jawab-kertas/{each.seq}" if each.mine else None,
            }
            for each in page.paper_acts.claims
        ],
    }


def explained(request: Request, item: Item, found: Iterable[Explained]) -> dict[str, Any]:
    """Return the answer for every action of a flow: what may be done, or why not and what would change it."""
    org = org_at(request.house, request.site, request.now)
    here = request.resource_url(item)
    items = [
        {
            "@type": "Explanation",
            "id": each.told.action,
            "title": each.told.title,
            "state": each.told.state,
            "here": each.told.here,
            "allowed": each.told.allowed,
            "for": each.actor.position,
            "why": each.told.says,
            "who": list(each.told.who),
            "remedy": explaining.told(each.told.remedy, org) if each.told.remedy is not None else None,
        }
        for each in found
    ]
    due = text(item.due)
    return folder(f"{here}@@jelaskan", "Explanations", "Mengapa belum dapat", items, state=item.state, due=due)


def verification(request: Request, letter: Letter) -> str | None:
    """Return the public address behind the QR code, once there is a file to verify."""
    return str(request.resource_url(request.site, "v", letter.token)) if final_file(letter) is not None else None


def actions(request: Request, page: LetterPage) -> list[dict[str, Any]]:
    """Return the allowed actions with the schema of what each asks."""
    return [action(request, page.item, act) for act in page.acts]


def action(request: Request, item: Item, act: Act) -> dict[str, Any]:
    """Return one allowed action with the schema of what it asks."""
    return {
        "@id": f"{request.resource_url(item)}@@aksi/{act.id}",
        "id": act.id,
        "title": act.title,
        "kind": act.kind,
        "form": to_sign(request, item.letter) if act.kind == "sign" else schema(request, item, act.form),
    }


def to_sign(request: Request, letter: Letter) -> dict[str, Any]:
    """Return the JSON Schema of a signature: the hash of the file that was read, and a secret; of a seal, none."""
    able = seals.asked(request.house, sealed=seals.instead(request.house, request.site, letter))
    secrets = {name: title for kind, name, title in SECRETS if kind in able.secrets}
    word = {"type": "string", "minLength": 1, "writeOnly": True}
    found: dict[str, Any] = {
        "type": "object",
        "properties": {
            "sidik": {"title": "SHA-256 berkas yang Anda baca", "type": "string", "const": letter.frozen},
            **{name: {"title": title} | word for name, title in secrets.items()},
        },
        "required": ["sidik", *(secrets if len(secrets) == 1 else ())],
        "additionalProperties": False,
    }
    return found | ({"anyOf": [{"required": [name]} for name in secrets]} if len(secrets) > 1 else {})


def schema(request: Request, item: Item, form: Form | None) -> Mapping[str, Any]:
    """Return the JSON Schema of a flow's form; an empty object for an action that asks nothing."""
    if form is None:
        return json_schema.form_schema(())
    found = acting.choices(request.house, request.site, item, form, request.reader, request.now)
    words = {name: tuple((value, label) for value, label, _hint in listed) for name, listed in found.items()}
    fields = form.fields.values()
    return json_schema.form_schema(
        json_schema.Asked(
            name=each.name,
            type=each.type,
            title=asked_form.title(each),
            required=each.required,
            choices=words.get(each.name),
            default=default(each.default),
            accept=tuple(each.accept),
        )
        for each in fields
    )


def default(value: Any) -> Any:
    """Return the default of a field as JSON."""
    if isinstance(value, Duration):
        return asked_form.written(value)
    return value if isinstance(value, str | bool | int) else None


def text(value: datetime | None) -> str | None:
    """Return an instant as ISO text."""
    return value.isoformat() if value is not None else None


def _people(org: SiteOrg, item: Any) -> dict[str, Any]:
    return {
        "holder": item.holder,
        "holder_title": org.title(item.holder),
        "giver": item.giver,
        "giver_title": org.title(item.giver),
    }


def _child(request: Request, org: SiteOrg, item: Any) -> dict[str, Any]:
    return {
        "@id": request.resource_url(item),
        "@type": "Disposition",
        "id": item.id,
        **_people(org, item),
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
