"""The files of a package: each signature judged by its act, and each file that an act names."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from intranet_surat.services import marks, verifying
from intranet_surat.services.proof.acts import Line
from intranet_surat.services.proof.findings import Finding, belum, tidak
from intranet_surat.services.verifying import Verdict
from intranet_surat.workflow.model_words import SEAL, SEAL_BESIDES

AN_HOUR = timedelta(hours=1)
"""By which the clocks of a provider and of the house may differ."""


def judge(
    files: Mapping[str, bytes], head: Mapping[str, Any], history: Sequence[Line], roots: Sequence[bytes], now: datetime
) -> tuple[list[Finding], list[Mapping[str, Any]]]:
    """What is wrong with the files, and the facts of the signatures on the newest signed one.

    A file may have grown since it was signed: then the whole of it is judged too, for that is what people open.
    """
    listed: Mapping[str, Any] = head["files"]
    found = [
        tidak(line.where, f"Berkas yang disebut tindakan ini ({sha256[:12]}) tidak ada di dalam paket.")
        for line in history
        for sha256 in line.act["files"]
        if sha256 not in listed
    ]
    told_of: dict[str, list[Mapping[str, Any]]] = {}
    orders = _orders(history, listed)
    known: dict[tuple[bytes, bool], Verdict] = {}
    grown: dict[str, int] = {}

    def verdict(data: bytes, *, midway: bool = False) -> Verdict:
        name = hashlib.sha256(data).digest(), midway
        if name not in known:
            known[name] = verifying.verdict(data, roots, now=now, midway=midway)
        return known[name]

    for line in history:
        proof = line.entered.get("facts", {}).get("signature")
        if not proof:
            continue
        told = listed.get(str(proof["file"]))
        if told is None or str(told["name"]) not in files:
            found.append(tidak(line.where, "Surat yang ditandatangani tindakan ini tidak ada di dalam paket."))
            continue
        name = str(told["name"])
        data = files[name][: int(told["size"])]
        if hashlib.sha256(data).hexdigest() != proof["file"]:
            continue  # told where the file is compared with its hash
        grown[name] = min(len(data), grown.get(name, len(data)))
        wrong, signature = _signed(name, line, proof, verdict(data, midway=True))
        found += wrong
        told_of.setdefault(name, []).extend(signature)
    signatures: list[Mapping[str, Any]] = []
    for number, name in enumerate(grown, 1):
        # A file that was given up before all had signed it is history; the last one must be whole.
        whole = verdict(files[name], midway=number < len(grown))
        found += _reasons(name, whole)
        wrong, seals = _sealed(name, orders.get(name, ()), whole, told_of[name])
        found += wrong
        # Those of the last file: one before it was given up.
        signatures = [*told_of[name], *seals]
    found += _unnamed(listed, history, grown)
    return list(dict.fromkeys(found)), signatures


def _orders(history: Sequence[Line], listed: Mapping[str, Any]) -> dict[str, list[Line]]:
    """The acts that ordered a seal, by the name of the file that was signed between one preparation and the next."""
    found: dict[str, list[Line]] = {}
    since: list[Line] = []
    for line in history:
        facts = line.entered.get("facts", {})
        proof = facts.get("signature")
        if facts.get("frozen") and not proof:
            since = []
        told = listed.get(str(proof["file"])) if proof else None
        if told is not None:
            found[str(told["name"])] = since
        if facts.get(SEAL_BESIDES):
            since.append(line)
    return found


def _unnamed(listed: Mapping[str, Any], history: Sequence[Line], grown: Mapping[str, int]) -> Iterator[Finding]:
    """Files of which no act tells, and that are no later state of a signed one: they might be anybody's."""
    told = "".join(line.text for line in history)
    named = {str(sha256) for line in history for sha256 in line.act["files"]}
    for sha256, each in sorted(listed.items()):
        name = str(each["name"])
        later = name in grown and int(each["size"]) >= grown[name]
        if sha256 not in named and sha256 not in told and not later:
            yield belum(name, f"Tidak ada tindakan yang menyebut berkas ini ({sha256[:12]}): asalnya tidak terbukti.")


def _reasons(name: str, verdict: Verdict) -> Iterator[Finding]:
    if verdict.overall != "sah":
        for reason in verdict.reasons:
            yield (tidak if verdict.overall == "tidak" else belum)(name, reason)


def _signed(
    name: str, line: Line, proof: Mapping[str, Any], verdict: Verdict
) -> tuple[list[Finding], list[Mapping[str, Any]]]:
    """What is wrong with the file that an act signed, and the facts of the last signature, which must be the act's."""
    found = list(_reasons(name, verdict))
    if not verdict.signatures:
        says = "Tidak ada tanda tangan di dalam berkas yang menurut riwayat ditandatangani."
        return [*found, tidak(name, says)], []
    last = verdict.signatures[-1]
    if last.certificate != proof["certificate"]:
        found.append(tidak(line.where, "Tanda tangan di dalam berkas bukan yang dicatat tindakan ini."))
    if last.signed_at and datetime.fromisoformat(last.signed_at) > datetime.fromisoformat(line.act["at"]) + AN_HOUR:
        found.append(tidak(line.where, "Tindakan ini tertanggal sebelum tanda tangannya dibuat."))
    title, sealed = line.act["who"].get("title", ""), line.entered["facts"].get("signed") == SEAL
    return found, [{**last.as_dict(), "action": line.act["action"], "position": title, "sealed": sealed}]


def _sealed(
    name: str, orders: Sequence[Line], verdict: Verdict, told: Sequence[Mapping[str, Any]]
) -> tuple[list[Finding], list[Mapping[str, Any]]]:
    """The seals on a signed file: each signature is the one of an act, or the seal of the agency that an act ordered.

    By their places in the file, for the same certificate may sign once more. An order may still wait for its seal.
    """
    acted = {str(each["field"]) for each in told}
    later = [each for each in verdict.signatures if each.field not in acted]
    ordered = list(zip(later, orders, strict=False))
    ours = all(not _agency(line) or _agency(line) & marks.shown(each) for each, line in ordered)
    if len(verdict.signatures) != len(told) + len(ordered) or not ours:
        return [tidak(name, "Berkas ini memuat tanda tangan yang tidak dicatat riwayatnya.")], []
    return [], [
        {**each.as_dict(), "action": line.act["action"], "position": "", "sealed": True} for each, line in ordered
    ]


def _agency(order: Line) -> frozenset[str]:
    """The marks of the agency whose seal an act ordered; none in a history from before they were kept."""
    return frozenset(map(str, order.entered["facts"].get("sealer", ())))
