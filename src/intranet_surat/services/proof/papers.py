"""The files of a package: each signature judged by its act, each file an act names, and the anchor of the history."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from intranet_surat.services import verifying
from intranet_surat.services.evidence import anchored as anchors
from intranet_surat.services.proof import form
from intranet_surat.services.proof.acts import Line
from intranet_surat.services.proof.findings import Finding, belum, tidak
from intranet_surat.services.timestamping import SKEW, TimestampUnavailable
from intranet_surat.services.verifying import Verdict

AN_HOUR = timedelta(hours=1)
"""By which the clocks of a provider and of the house may differ."""
LATE = timedelta(days=7)
"""An anchor is stamped in the night after the act; whoever writes a history anew can have it stamped only later."""


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
    signatures: list[Mapping[str, Any]] = []
    known: dict[bytes, Verdict] = {}
    grown: dict[str, int] = {}

    def verdict(data: bytes) -> Verdict:
        name = hashlib.sha256(data).digest()
        if name not in known:
            known[name] = verifying.verdict(data, roots, now=now)
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
        found += _signed(name, line, proof, verdict(data), signatures)
    for name in grown:
        found += _reasons(name, verdict(files[name]))
    found += _unnamed(listed, history, grown)
    return list(dict.fromkeys(found)), signatures


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
    name: str, line: Line, proof: Mapping[str, Any], verdict: Verdict, signatures: list[Mapping[str, Any]]
) -> Iterator[Finding]:
    """The verdict on the file that an act signed; the last signature must be the one that the act names."""
    yield from _reasons(name, verdict)
    if not verdict.signatures:
        yield tidak(name, "Tidak ada tanda tangan di dalam berkas yang menurut riwayat ditandatangani.")
        return
    last = verdict.signatures[-1]
    if last.certificate != proof["certificate"]:
        yield tidak(line.where, "Tanda tangan di dalam berkas bukan yang dicatat tindakan ini.")
    if last.signed_at and datetime.fromisoformat(last.signed_at) > datetime.fromisoformat(line.act["at"]) + AN_HOUR:
        yield tidak(line.where, "Tindakan ini tertanggal sebelum tanda tangannya dibuat.")
    signatures.append({**last.as_dict(), "action": line.act["action"], "position": line.act["who"].get("title", "")})


def anchored(
    files: Mapping[str, bytes], history: Sequence[Line], roots: Sequence[bytes]
) -> tuple[datetime | None, list[Finding]]:
    """Since when a stranger's clock vouches for the history, and whether it is the one that was anchored."""
    if form.ANCHOR not in files:
        return None, []
    told = form.read(files[form.ANCHOR])
    found = list(_held(told, history))
    if not told["token"]:
        return None, [*found, belum(form.ANCHOR, "Jangkar belum berstempel waktu.")]
    try:
        when = anchors.stamped(anchors.digest(told["anchor"]), bytes.fromhex(told["token"]), roots)
    except TimestampUnavailable as error:
        says = f"Stempel waktu jangkar belum dapat dipastikan ({error.detail})."
        return None, [*found, belum(form.ANCHOR, says)]
    if not any(each.overall == "tidak" for each in found):
        found += _in_time(history[: int(told["leaf"]["acts"])], when)
    return when, found


def _in_time(history: Sequence[Line], when: datetime) -> Iterator[Finding]:
    """Whether the stamp is of the time of the acts: a stranger stamps whatever he is shown, but only today."""
    for line in history:
        if datetime.fromisoformat(line.act["at"]) > when + SKEW:
            yield tidak(line.where, "Tindakan ini tertanggal sesudah jangkar yang memuatnya.")
    late = when - datetime.fromisoformat(history[-1].act["at"])
    if late > LATE:
        says = f"Jangkar baru dibuat {late.days} hari sesudah tindakannya; selama itu riwayat dapat ditulis ulang."
        yield belum(form.ANCHOR, says)


def _held(told: Mapping[str, Any], history: Sequence[Line]) -> Iterator[Finding]:
    """Whether the anchor holds this history."""
    if not anchors.proves(told):
        yield tidak(form.ANCHOR, "Jangkar tidak memuat riwayat surat ini.")
        return
    acts, head = int(told["leaf"]["acts"]), str(told["leaf"]["head"])
    if told["leaf"]["letter"] != history[0].act["letter"]:
        yield tidak(form.ANCHOR, "Jangkar ini milik surat lain.")
    elif not 0 < acts <= len(history) or history[acts - 1].hash != head:
        yield tidak(
            form.ANCHOR, f"Riwayat bukan lagi yang dijangkarkan: {acts} tindakan pertamanya ditulis ulang atau hilang."
        )
    elif acts < len(history):
        yield belum(form.ANCHOR, f"{len(history) - acts} tindakan terakhir terjadi sesudah jangkar terbaru.")
