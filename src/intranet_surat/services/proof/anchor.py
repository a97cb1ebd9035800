"""The anchor of a package: whether it holds this history, since when, and whether it is the one that was published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from intranet_surat.services.evidence import anchored as anchors
from intranet_surat.services.evidence.published import Published
from intranet_surat.services.proof import form
from intranet_surat.services.proof.acts import Line
from intranet_surat.services.proof.findings import Finding, belum, tidak
from intranet_surat.services.timestamping import SKEW, TimestampUnavailable

UNPROVEN = (
    "Tidak dibuktikan: bahwa riwayat ini tidak ditulis ulang seluruhnya{since}. Siapa yang menguasai basis data dapat "
    "membuat rantai dan jangkar baru. Bandingkan dengan jangkar yang diumumkan instansi: --anchors BERKAS."
)
SINCE = " bersama jangkarnya, sebelum jangkar itu distempel"
SAME = "Jangkar nomor {number} ({day}) sama dengan yang diumumkan."
OTHER = "Jangkar nomor {number} bukan yang diumumkan: riwayat surat ini ditulis ulang bersama jangkarnya."
NOT_THERE = "Jangkar nomor {number} tidak ada di antara jangkar yang diumumkan."
NEWER = "Jangkar nomor {number} lebih baru daripada yang diumumkan (sampai nomor {last}, {day}): minta daftar terbaru."
AGAINST = (
    "Riwayat bukan yang dijangkarkan pada jangkar nomor {number} yang diumumkan: tindakannya ditulis ulang atau hilang."
)


@dataclass(frozen=True, slots=True)
class Anchored:
    """``stamped`` is when a stranger's clock saw the history; ``note`` says what published anchors prove, or would."""

    stamped: datetime | None
    findings: tuple[Finding, ...]
    note: str


def judge(
    files: Mapping[str, bytes], history: Sequence[Line], roots: Sequence[bytes], published: Published | None
) -> Anchored:
    """What is wrong with the anchor, by itself and beside the published ones; a package may have none."""
    told = form.read(files[form.ANCHOR]) if form.ANCHOR in files else None
    stamped, found = _alone(told, history, roots) if told is not None else (None, [])
    if published is None:
        return Anchored(stamped, tuple(found), UNPROVEN.format(since=SINCE if stamped is not None else ""))
    against = [*_held_before(history, published), *(_among(told["anchor"], published) if told is not None else ())]
    note = SAME.format(**told["anchor"]) if told is not None and not against else ""
    return Anchored(stamped, (*found, *against), note)


def _alone(
    told: Mapping[str, Any], history: Sequence[Line], roots: Sequence[bytes]
) -> tuple[datetime | None, list[Finding]]:
    """Since when a stranger's clock vouches for the history, and whether it is the one that was anchored."""
    found = list(_held(told, history))
    if any(each.overall == "tidak" for each in found):
        return None, found
    if not told["token"]:
        return None, [*found, belum(form.ANCHOR, "Jangkar belum berstempel waktu.")]
    try:
        when = anchors.stamped(anchors.digest(told["anchor"]), bytes.fromhex(told["token"]), roots)
    except TimestampUnavailable as error:
        says = f"Stempel waktu jangkar belum dapat dipastikan ({error.detail})."
        return None, [*found, belum(form.ANCHOR, says)]
    return when, [*found, *_in_time(history[: int(told["leaf"]["acts"])], when)]


def _in_time(history: Sequence[Line], when: datetime) -> Iterator[Finding]:
    """Whether the stamp is of the time of the acts: a stranger stamps whatever he is shown, but only today."""
    for line in history:
        if datetime.fromisoformat(line.act["at"]) > when + SKEW:
            yield tidak(line.where, "Tindakan ini tertanggal sesudah jangkar yang memuatnya.")
    late = when - datetime.fromisoformat(history[-1].act["at"])
    if late > anchors.LATE:
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
    elif not _holds(history, acts, head):
        yield tidak(
            form.ANCHOR, f"Riwayat bukan lagi yang dijangkarkan: {acts} tindakan pertamanya ditulis ulang atau hilang."
        )
    elif acts < len(history):
        yield belum(form.ANCHOR, f"{len(history) - acts} tindakan terakhir terjadi sesudah jangkar terbaru.")


def _among(anchor: Mapping[str, Any], published: Published) -> Iterator[Finding]:
    """Whether the package's anchor is one of those that were published, or what the next one names."""
    number, own, last = int(anchor["number"]), anchors.digest(anchor), published.last
    before, same, after = (published.anchors.get(each) for each in (number - 1, number, number + 1))
    if same is not None:
        fits = same["digest"] == own
    else:
        fits = (before is None or before["digest"] == anchor["previous"]) and (
            after is None or after["previous"] == own
        )
        # Numbers and days grow together: a later number with an earlier day was made up.
        fits = fits and (number < last["number"] or str(anchor["day"]) > last["day"])
    if not fits:
        yield tidak(form.ANCHOR, OTHER.format(number=number))
    elif same is None and after is None:
        newer = number > last["number"]
        says = NEWER if newer else NOT_THERE
        yield belum(form.ANCHOR, says.format(number=number, last=last["number"], day=last["day"]))


def _held_before(history: Sequence[Line], published: Published) -> Iterator[Finding]:
    """Whether the history still holds what published anchors say of it, where they tell their letters."""
    for number, head, acts in published.heads.get(str(history[0].act["letter"]), ()):
        if not _holds(history, acts, head):
            yield tidak(form.HISTORY, AGAINST.format(number=number))


def _holds(history: Sequence[Line], acts: int, head: str) -> bool:
    return 0 < acts <= len(history) and history[acts - 1].hash == head
