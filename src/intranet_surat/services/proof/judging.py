"""Judges a package offline: names what was touched, and what the flow did not allow. Nothing is fetched or stored.

Three values, as for signatures: ``sah``, ``tidak`` when something was changed or was not allowed, ``belum`` when
what would be needed is missing: an anchor, an authority, a flow.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from intranet_surat.services.evidence.published import Published
from intranet_surat.services.proof import acts, anchor, archive, form, papers
from intranet_surat.services.proof.anchor import Anchored
from intranet_surat.services.proof.archive import BrokenError
from intranet_surat.services.proof.findings import Finding, Overall, belum, tidak
from intranet_surat.services.verifying_roots import load_roots


@dataclass(frozen=True, slots=True)
class Report:
    """The verdict on a package. ``told`` is what it says of itself, empty when it cannot be read.

    ``stamped`` is when a stranger's clock saw the history: what was written before it may have been written then.
    ``note`` says what published anchors proved, or what is not proven without them.
    """

    overall: Overall
    findings: tuple[Finding, ...]
    told: Mapping[str, Any]
    signatures: tuple[Mapping[str, Any], ...] = ()
    stamped: datetime | None = None
    note: str = ""


def judge(data: bytes, roots: Sequence[bytes], now: datetime, published: Published | None = None) -> Report:
    """The verdict on the package ``data``, with the authorities (PEM or DER) and anchors that the judge trusts.

    Raises ValueError when these are no certificates: that is not the package's fault.
    """
    load_roots(roots)
    try:
        files = archive.unpack(data)
        head = _json(files, form.HEAD)
        if not isinstance(head, dict) or head.get("format") != form.FORMAT:
            raise BrokenError(form.HEAD, f"Bukan paket berbentuk {form.FORMAT}.")
    except BrokenError as error:
        return Report("tidak", (tidak(error.where, error.says),), {})
    found: list[Finding] = []
    signatures: list[Mapping[str, Any]] = []
    anchored = Anchored(None, (), "")
    try:
        found += _listed(files, head)
        history = acts.read(files)
        found += acts.chain(history, head)
        flows, wrong = acts.flows(files, head, history)
        found += wrong
        found += acts.allowed(files, head, history, flows)
        signed, judged = papers.judge(files, head, history, roots, now)
        found += signed
        signatures += judged
        anchored = anchor.judge(files, history, roots, published)
        found += anchored.findings
    except BrokenError as error:
        found.append(tidak(error.where, error.says))
    except Exception as error:  # noqa: BLE001 - a stranger's package: anything may come out of its parts
        # What was found so far stands, and the rest could not be asked.
        found.append(tidak(form.HEAD, f"Isi paket tidak berbentuk seperti yang dijanjikan ({type(error).__name__})."))
    overall: Overall = "sah"
    if any(each.overall == "tidak" for each in found):
        overall = "tidak"
    elif found:
        overall = "belum"
    return Report(overall, tuple(found), head, tuple(signatures), anchored.stamped, anchored.note)


def _listed(files: Mapping[str, bytes], head: Mapping[str, Any]) -> Iterator[Finding]:
    """Whether each file of the letter is there under its hash, and nothing besides."""
    known = {form.HEAD, form.README, form.HISTORY, form.WITNESS, form.ANCHOR, form.ROOTS}
    named = {str(each["name"]) for each in head["files"].values()}
    for name in sorted(files):
        if name not in known and name not in named and not name.startswith(form.FLOWS):
            yield tidak(name, "Berkas ini tidak terdaftar di paket.json.")
    if files.get(form.README, b"").decode("utf-8", "replace") != form.EXPLAINED:
        yield tidak(form.README, "Penjelasan ini bukan yang ditulis ke dalam setiap paket.")
    whole = {str(each["name"]) for each in head["files"].values() if not each.get("begins")}
    for name in sorted(named - whole):
        yield tidak(name, "Yang terdaftar di paket.json hanya permulaan berkas ini; sisanya tidak dikenal.")
    for sha256, told in sorted(head["files"].items()):
        name = str(told["name"])
        if name not in files:
            yield tidak(name, "Berkas ini terdaftar di paket.json, tetapi tidak ada di dalam paket.")
            continue
        data = files[name][: int(told["size"])] if told.get("begins") else files[name]
        if hashlib.sha256(data).hexdigest() != sha256:
            yield tidak(name, "Isi berkas ini tidak cocok dengan sidik jarinya.")
    for name in (form.HISTORY, form.WITNESS):
        if name not in files:
            yield tidak(name, "Bagian wajib ini tidak ada di dalam paket.")
    if form.ANCHOR not in files:
        yield belum(form.ANCHOR, "Riwayat ini belum dijangkarkan: jangkar dibuat setiap malam.")


def _json(files: Mapping[str, bytes], name: str) -> Any:
    if name not in files:
        raise BrokenError(name, "Bagian wajib ini tidak ada di dalam paket.")
    try:
        return form.read(files[name])
    except (ValueError, RecursionError):
        raise BrokenError(name, "Bagian ini bukan JSON dalam bentuk yang ditulis ke dalam paket.") from None
