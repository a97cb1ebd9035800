"""The acts of a package: the chain of their hashes, the flows they name, and whether these allowed them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from intranet_surat.resources import chain as rules
from intranet_surat.services.proof import form
from intranet_surat.services.proof.archive import BrokenError
from intranet_surat.services.proof.findings import Finding, belum, tidak
from intranet_surat.workflow.audit import Audited, audited
from intranet_surat.workflow.calendar import WorkingCalendar
from intranet_surat.workflow.findings import FlowError
from intranet_surat.workflow.loader import load
from intranet_surat.workflow.model import Flow
from intranet_surat.workflow.own_acts import MIGRATED
from intranet_surat.workflow.replay_past import Twin
from intranet_surat.workflow.replay_reading import Below, Frame, PastLine, past
from intranet_surat.workflow.view import Setting
from intranet_surat.workflow.witness import OrgWitness, calendar_read

MOST = 20_000
"""Lines of a history; the busiest letter has some hundreds."""
MOST_FLOWS = 50
NO_FLOW = "Naskah alur yang dipakai tindakan ini ({hash}) tidak ada di dalam paket."


@dataclass(frozen=True, slots=True)
class Line:
    """One line of ``riwayat.jsonl``: the act's facts, the hash beside them, and what was entered, unless erased."""

    number: int
    act: Mapping[str, Any]
    hash: str
    salt: bytes | None
    text: str

    @property
    def where(self) -> str:
        """The line as a finding names it."""
        return f"{form.HISTORY}:{self.number}"

    @property
    def entered(self) -> dict[str, Any]:
        """What was entered; empty when it was erased."""
        return dict(json.loads(self.text)) if self.salt is not None else {}

    def told(self) -> dict[str, Any]:
        """The line as JSON values."""
        entered = None if self.salt is None else {"salt": self.salt.hex(), "text": self.text}
        return {"act": self.act, "hash": self.hash, "entered": entered}


def read(files: Mapping[str, bytes]) -> list[Line]:
    """The lines of the history. Raises BrokenError for a line that is none."""
    found = []
    # What people wrote may hold what Unicode counts as the end of a line.
    texts = files.get(form.HISTORY, b"").splitlines(keepends=True)
    if len(texts) > MOST:
        raise BrokenError(form.HISTORY, f"Riwayat lebih panjang daripada yang diperiksa ({MOST} baris).")
    for number, text in enumerate(texts, 1):
        try:
            told = json.loads(text)
            entered = told["entered"]
            salt, words = (None, "") if entered is None else (bytes.fromhex(entered["salt"]), str(entered["text"]))
            line = Line(number, dict(told["act"]), str(told["hash"]), salt, words)
            if form.lines([line.told()]) != text:
                raise ValueError("not in the form of a package")
            found.append(line)
        except (ValueError, KeyError, TypeError, RecursionError):
            raise BrokenError(f"{form.HISTORY}:{number}", "Baris riwayat ini tidak dapat dibaca.") from None
    if not found:
        raise BrokenError(form.HISTORY, "Riwayat kosong.")
    return found


def chain(history: Sequence[Line], head: Mapping[str, Any]) -> Iterator[Finding]:
    """Whether each line follows the one before, holds what its hash is over, and none is missing at the end."""
    previous = rules.GENESIS
    for place, line in enumerate(history):
        act = line.act
        if act.get("seq") != place:
            yield tidak(
                line.where, f"Bernomor {act.get('seq')}, seharusnya {place}: ada tindakan yang hilang atau ditukar."
            )
        if act.get("prev") != previous:
            yield tidak(line.where, "Tidak menyambung tindakan sebelumnya.")
        if act.get("letter") != head["letter"]:
            yield tidak(line.where, "Tindakan ini milik surat lain.")
        if rules.digest(act) != line.hash:
            yield tidak(line.where, "Isi tindakan ini tidak cocok dengan sidik jarinya.")
        if line.salt is not None and rules.payload_digest(line.salt, line.text) != act.get("payload_digest"):
            yield tidak(line.where, "Isian pada tindakan ini tidak cocok dengan sidik jarinya.")
        if line.salt is None:
            yield belum(line.where, "Isian pada tindakan ini sudah dihapus, sehingga tidak dapat diperiksa.")
        previous = line.hash
    if len(history) != head["acts"] or previous != head["head"]:
        yield tidak(form.HISTORY, f"Riwayat memuat {len(history)} tindakan, padahal paket menyebut {head['acts']}.")


def flows(
    files: Mapping[str, bytes], head: Mapping[str, Any], history: Sequence[Line]
) -> tuple[dict[str, Flow], list[Finding]]:
    """The flows that the acts name, by the hash of their text; and what is wrong with them."""
    found: dict[str, Flow] = {}
    wrong: list[Finding] = []
    named = {str(head["flow"]), *(str(each["flow"]) for each in head["below"])}
    for line in history:
        named |= {str(line.act.get("flow")), str(line.entered.get("facts", {}).get("flow_to", ""))}
    here = [name for name in files if name.startswith(form.FLOWS)]
    if len(here) > MOST_FLOWS:
        return found, [tidak(form.FLOWS, f"Naskah alur lebih banyak daripada yang diperiksa ({MOST_FLOWS}).")]
    for name in here:
        hash_, data = name.removeprefix(form.FLOWS).removesuffix(".yaml"), files[name]
        if hash_ not in named or name != f"{form.FLOWS}{hash_}.yaml":
            wrong.append(tidak(name, "Naskah alur ini tidak dipakai oleh tindakan mana pun."))
            continue
        if hashlib.sha256(data).hexdigest() != hash_:
            wrong.append(tidak(name, "Naskah alur ini bukan yang bersidik jari demikian: diganti atau diubah."))
            continue
        try:
            found[hash_] = load(data.decode("utf-8"), name)
        except (FlowError, UnicodeDecodeError):
            wrong.append(belum(name, "Naskah alur ini tidak dapat dibaca oleh pemeriksa versi ini."))
    for line in history:
        hash_ = str(line.act.get("flow"))
        if hash_ not in found and not any(each.where == f"{form.FLOWS}{hash_}.yaml" for each in wrong):
            wrong.append(tidak(line.where, NO_FLOW.format(hash=hash_[:12])))
    return found, wrong


def allowed(
    files: Mapping[str, bytes], head: Mapping[str, Any], history: Sequence[Line], known: Mapping[str, Flow]
) -> Iterator[Finding]:
    """Whether the flow allowed each act, and whether the letter stands where its acts lead."""
    needed = [head["flow"], *(each["flow"] for each in head["below"]), *(line.act.get("flow") for line in history)]
    if any(str(each) not in known for each in needed):
        yield belum(form.FLOWS, "Tindakan tidak dapat dicocokkan dengan alurnya: naskah alurnya kurang.")
        return
    if any(line.salt is None for line in history):
        yield belum(form.HISTORY, "Sebagian isian sudah dihapus; tindakan tidak dapat dicocokkan dengan alurnya.")
        return
    if str(history[0].act["flow"]) != str(head["flow"]):
        yield tidak(form.HEAD, "Alur yang disebut paket bukan alur yang dipakai tindakan pertama.")
        return
    began = _began(history)
    for each in head["below"]:
        if str(each["flow"]) != began.get(str(each["id"]), str(each["flow"])):
            yield tidak(form.HEAD, "Alur yang disebut paket untuk sebuah disposisi bukan yang dipakai tindakannya.")
            return
    result = _played(files, head, history, known)
    for each in result.wrong:
        where = history[each.line].where
        told = f"{each.says} (tindakan '{each.action}')"
        yield belum(where, told) if each.undecided else tidak(where, f"Tidak diizinkan alur: {told}")
    if not result.wrong:
        yield from _stands(head["stands"], result.letter)
        applies = known[str(head["flow"])].applies
        if head["direction"] != applies.direction or head["kind"] not in (applies.kinds or (head["kind"],)):
            yield tidak(form.HEAD, "Arah atau jenis surat bukan yang diatur alurnya.")
        for name, says in (("number", "Nomor"), ("subject", "Hal")):
            if head[name] != str(result.letter.fields.get(name) or ""):
                yield tidak(form.HEAD, f"{says} surat tidak seperti menurut riwayatnya.")


def _played(
    files: Mapping[str, bytes], head: Mapping[str, Any], history: Sequence[Line], known: Mapping[str, Flow]
) -> Audited:
    witness = form.read(files[form.WITNESS])
    days = {day: OrgWitness(notes) for day, notes in witness["days"].items()}
    calendars = {name: calendar_read(values) for name, values in witness["calendars"].items()}
    words, zone = witness["vocabularies"], ZoneInfo(str(head["timezone"]))

    def at(flow: Flow, now: datetime) -> Setting:
        org = days.get(now.astimezone(zone).date().isoformat(), OrgWitness({}))
        calendar = calendars.get(flow.calendar) or WorkingCalendar("", str(zone))
        return Setting(org, now, calendar, words)

    frame = Frame(
        str(head["letter"]),
        str(head["office"]),
        str(head["kind"]),
        known[str(head["flow"])],
        tuple(Below(each["id"], each["track"], each["holder"], known[each["flow"]]) for each in head["below"]),
        {int(version): scan for version, scan in head["scans"].items()},
        str(head["print_code"]),
        tuple(known[each] for each in _later(history) if each in known),
    )
    return audited(past(frame, map(_line, history)), at, known)


def _began(history: Sequence[Line]) -> dict[str, str]:
    """The hash of the flow that each item began on, if anything was done on it: by the chain, not by the package."""
    found: dict[str, str] = {}
    for line in history:
        facts = line.entered.get("facts", {}) if line.act.get("action") == MIGRATED else {}
        found.setdefault(str(line.act.get("item")), str(facts.get("flow_from") or line.act.get("flow")))
    return found


def _later(history: Sequence[Line]) -> tuple[str, ...]:
    """The hashes of the flows that items were moved to."""
    named = (line.entered.get("facts", {}).get("flow_to") for line in history)
    return tuple(dict.fromkeys(str(each) for each in named if each))


def _line(line: Line) -> PastLine:
    act = line.act
    return PastLine(
        datetime.fromisoformat(act["at"]),
        act["item"],
        act["action"],
        act["position"],
        act["person"],
        act["state_from"],
        act["state_to"],
        line.entered,
    )


def _stands(told: Mapping[str, Any], item: Twin) -> Iterator[Finding]:
    """Whether the tree that the package tells is the one that the acts make."""
    here = f"{form.HEAD} ({told['item']})"
    if told["item"] != item.id or told["state"] != item.state:
        yield tidak(here, f"Dikatakan berada di '{told['state']}'; menurut riwayatnya di '{item.state}'.")
    elif any(told[name] != (getattr(item, name) or "") for name in ("holder", "giver", "outcome")):
        yield tidak(here, "Pemberi, pemegang, atau hasil disposisi tidak seperti menurut riwayatnya.")
    below = {each["item"]: each for each in told["below"]}
    made = {each.id: each for each in item.items}
    for name in sorted(set(below) ^ set(made)):
        yield tidak(here, f"Disposisi {name} {'tidak pernah dibuat' if name in below else 'tidak disebutkan'}.")
    for name in sorted(set(below) & set(made)):
        yield from _stands(below[name], made[name])
