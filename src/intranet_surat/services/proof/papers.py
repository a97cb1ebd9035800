"""The files of a package: each signature judged by its act, each file an act names, and the anchor of the history."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from intranet_surat.services import verifying
from intranet_surat.services.evidence import anchored as anchors
from intranet_surat.services.proof import form
from intranet_surat.services.proof.acts import Line
from intranet_surat.services.proof.findings import Finding, belum, tidak
from intranet_surat.services.timestamping import TimestampUnavailable


def judge(
    files: Mapping[str, bytes], head: Mapping[str, Any], history: Sequence[Line], roots: Sequence[bytes], now: datetime
) -> tuple[list[Finding], list[Mapping[str, Any]]]:
    """What is wrong with the files, and the facts of the signatures on the newest signed one."""
    listed: Mapping[str, Any] = head["files"]
    found = [
        tidak(line.where, f"Berkas yang disebut tindakan ini ({sha256[:12]}) tidak ada di dalam paket.")
        for line in history
        for sha256 in line.act["files"]
        if sha256 not in listed
    ]
    signatures: list[Mapping[str, Any]] = []
    for line in history:
        proof = line.entered.get("facts", {}).get("signature")
        if not proof:
            continue
        told = listed.get(str(proof["file"]))
        if told is None or str(told["name"]) not in files:
            found.append(tidak(line.where, "Surat yang ditandatangani tindakan ini tidak ada di dalam paket."))
            continue
        data = files[str(told["name"])][: int(told["size"])]
        if hashlib.sha256(data).hexdigest() != proof["file"]:
            continue  # told where the file is compared with its hash
        found += _signed(str(told["name"]), line, proof, data, roots, now, signatures)
    return found, signatures


def _signed(
    name: str,
    line: Line,
    proof: Mapping[str, Any],
    data: bytes,
    roots: Sequence[bytes],
    now: datetime,
    signatures: list[Mapping[str, Any]],
) -> Iterator[Finding]:
    """The verdict on the file that an act signed; the last signature must be the one that the act names."""
    verdict = verifying.verdict(data, roots, now=now)
    if verdict.overall != "sah":
        for reason in verdict.reasons:
            yield (tidak if verdict.overall == "tidak" else belum)(name, reason)
    if not verdict.signatures:
        yield tidak(name, "Tidak ada tanda tangan di dalam berkas yang menurut riwayat ditandatangani.")
        return
    last = verdict.signatures[-1]
    if last.certificate != proof["certificate"]:
        yield tidak(line.where, "Tanda tangan di dalam berkas bukan yang dicatat tindakan ini.")
    signatures.append({**last.as_dict(), "action": line.act["action"], "position": line.act["who"].get("title", "")})


def anchored(files: Mapping[str, bytes], history: Sequence[Line], roots: Sequence[bytes]) -> Iterator[Finding]:
    """Whether the history is the one that was anchored, and by whose clock."""
    if form.ANCHOR not in files:
        return
    told = json.loads(files[form.ANCHOR])
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
    if not told["token"]:
        yield belum(form.ANCHOR, "Jangkar belum berstempel waktu.")
        return
    try:
        anchors.stamped(anchors.digest(told["anchor"]), bytes.fromhex(told["token"]), roots)
    except TimestampUnavailable as error:
        yield belum(form.ANCHOR, f"Stempel waktu jangkar belum dapat dipastikan ({error.detail}).")
