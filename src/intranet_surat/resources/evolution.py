"""Named steps that bring an older database to this release, and the refusal to run before they are done."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice
from typing import Any

from BTrees.OOBTree import OOBTree

from intranet_surat.resources import anchors, flows, lists, mandates, renewals, reports
from intranet_surat.resources.attempts import Decision, SignAttempt
from intranet_surat.resources.folder import find, new_id, path

_LOST_SIGHT = (
    "Berkas yang dikirim tidak dipakai lagi. Apakah sempat ditandatangani pada penyedia tidak diketahui; bila ya, "
    "tanda tangan itu tidak berlaku untuk surat ini."
)
CERTIFIED = timedelta(days=730)
"""How long a certificate lasts at most, where it was not read."""


class Unfinished(Exception):
    """The database is older than this release, or newer; English, for DKISP's shell."""


@dataclass(frozen=True, slots=True)
class Step:
    """One change of stored data. ``run`` gets the site, may be interrupted and run again; ``after`` names steps."""

    name: str
    run: Callable[[Any], None]
    after: tuple[str, ...] = ()


def know_flows(site: Any) -> None:
    """Make room for published flows and drafts, and note which items run which flow; reads the whole tree."""
    running = flows.Running()
    for item in flows.walk(site):
        if item.flow is not None and not flows.ended(item):
            running.add(item)
    site.running, site.publications, site.drafts = running, OOBTree(), OOBTree()


def know_mandates(site: Any) -> None:
    """Make room for mandates, and mark rows above the ordinary so that lists can leave them out."""
    site.mandates = mandates.Mandates()
    for each in site.lists.values():
        for row in list(each.rows()):
            each.put(replace(row, trays=row.trays | lists.level_trays(row.security)))


def know_limits(site: Any) -> None:
    """Note since when the limits of open items run, and drop the texts of drafts that publications keep.

    Of a limit without its beginning nothing would remind, and a change of the calendar would pass it by.
    """
    for item in flows.walk(site):
        if item.due is not None and item.limit_since is None and not flows.ended(item):
            item.limit_since = item.state_since
            if item.initials:  # with each level the limit of a route began anew
                item.limit_since = max(act.at for act in item.letter.history if act.item == item.id)
    for draft in site.drafts.values():
        if draft.state == "terbit":
            draft.text = ""


def know_evidence(site: Any) -> None:
    """Make room for the renewal calendar and the anchors; what was signed lacks evidence, no history is anchored."""
    site.renewals, site.anchors = renewals.Renewals(), anchors.Anchors()
    for item in flows.walk(site):
        if item is not item.letter:
            continue
        if len(item.history):
            site.anchors.touch(item.id, item.history.head, item.history.count)
        for signed in [each for each in item.renditions if each.kind == "signed"][-1:]:
            since = signed.created_at
            site.renewals.put(renewals.Due(path(item), item.office, since, since + CERTIFIED, since))


def know_batches(site: Any) -> None:
    """Make room for batches of signatures, and for what is known of providers that do not answer."""
    site.batches, site.breakers = OOBTree(), OOBTree()


def know_seals(site: Any) -> None:
    """Make room for the letters whose seal is still to come or to be decided."""
    if "seals" not in vars(site):
        site.seals = OOBTree()


def know_seal_orders(site: Any) -> None:
    """Note the seals of before that are still to come or to be decided, and by whose act each was ordered.

    An order was only a job then; and no attempt told whose act had ordered it, which the history does.
    """
    jobs = [job for job in (*site.jobs.pending(), *site.jobs.parked()) if job.name == "segel"]
    orders = {(str(job.args["letter"]), str(job.args["sha256"])): job.at for job in jobs}
    final = {Decision.LEFT, Decision.GIVEN_UP}
    for letter in flows.walk(site):
        if letter is not letter.letter:
            continue
        noted = {each.key for each in letter.seals if each.state != "failed" or each.position or each.outcome in final}
        for (where, sha256), at in orders.items():
            if where == path(letter) and sha256 not in noted:
                waits = SignAttempt(id=new_id(), key=sha256, sha256=sha256, state="ordered", started=at)
                letter.seals = (*letter.seals, waits)
        for each in [each for each in letter.seals if not each.position]:
            each.position, each.person = _ordered_by(letter)
        last = letter.seals[-1] if letter.seals else None
        if last is not None and last.state != "done" and last.outcome not in final:
            site.seals[path(letter)] = last.id


def _ordered_by(letter: Any) -> tuple[str, str]:
    """By whose act the letter was to be sealed: position and person."""
    acts = [act for act in letter.history if "seal" in letter.history.entered(act.seq).get("facts", {})]
    return (acts[-1].position, acts[-1].person) if acts else ("", "")


def know_decisions(site: Any) -> None:
    """Note what was decided about an attempt apart from what its provider answered; both stood in one place before."""
    decided = {each.value for each in Decision}
    for letter in flows.walk(site):
        for each in (*letter.attempts, *letter.seals) if letter is letter.letter else ():
            if each.error in decided:
                each.decision, each.error = each.error, ""


def know_signed_files(site: Any) -> None:
    """Note under the hash of each signed file where its letter is; reads the whole tree."""
    signed = OOBTree()
    for item in flows.walk(site):
        if item is item.letter:
            signed.update({each.sha256: path(item) for each in item.renditions if each.kind == "signed"})
    site.signed = signed


def compare_scans(site: Any) -> None:
    """Let the worker compare the scans of signed papers that came before there was a comparison, while they wait."""
    for letter in flows.walk(site):
        if letter is not letter.letter or letter.fields.get("signed") or flows.ended(letter):
            continue
        printed = any(each.kind == "cetak" for each in letter.renditions)
        for scan in [each for each in letter.attachments if each.place == "wet-scan"][-1:]:
            args = {"letter": path(letter), "scan": scan.sha256}
            for job in ("bandingkan-pindaian", "kenali-pindaian") if printed and not scan.findings else ():
                site.jobs.add(job, args, key=f"{job}:{letter.id}:{scan.sha256}:lama", at=scan.created_at)


def tell_turns(site: Any) -> None:
    """Let the worker write the rows of open letters anew: those of before tell of no turns and of no seals."""
    for _, where in islice(site.running.pairs(), 1):
        item, args = find(site, where), {"for": "giliran", "after": ["", ""]}
        since = item.state_since or item.letter.history[0].at
        site.jobs.add("tulis-daftar", args, key="tulis-daftar:giliran", at=since)


def know_reports(site: Any) -> None:
    """Make room for what strangers report."""
    site.reports = reports.Reports()


def know_longest_to_sign(site: Any) -> None:
    """Put what waits for a signature into the trays by which the longest of it is found, and how much is a seal."""
    for each in site.lists.values():
        for row in each.page("sign", size=each.counts()["sign"])[0]:
            each.put(replace(row, trays=row.trays | lists.sign_trays(seals=row.seals)))


def know_doubts(site: Any) -> None:
    """Note where an attempt to sign waits to be decided, and the signed files that no letter uses.

    Reads the whole tree. An attempt whose file was given up before that ended it: it ends here.
    """
    doubts = OOBTree()
    for letter in flows.walk(site):
        if letter is not letter.letter:
            continue
        for attempt in [each for each in letter.attempts if each.state == "unknown"]:
            if attempt.sha256 == letter.frozen:
                doubts[path(letter)] = attempt.position
            else:
                attempt.state, attempt.decision, attempt.sentence = "failed", Decision.GIVEN_UP.value, _LOST_SIGHT
        for file in [each for each in letter.renditions if each.kind == "tak-terpakai"]:
            site.signed.setdefault(file.sha256, path(letter))
    site.doubts = doubts


SHIPPED: tuple[Step, ...] = (
    Step("published-flows", know_flows),
    Step("mandates", know_mandates),
    Step("limits", know_limits, after=("published-flows",)),
    Step("evidence", know_evidence),
    Step("batches", know_batches),
    Step("signed-files", know_signed_files),
    Step("seals", know_seals),
    Step("seal-orders", know_seal_orders, after=("seals",)),
    Step("decisions", know_decisions, after=("seal-orders",)),
    Step("scan-comparisons", compare_scans),
    Step("reports", know_reports),
    Step("turns-in-lists", tell_turns, after=("published-flows", "mandates")),
    Step("longest-to-sign", know_longest_to_sign),
    Step("doubts", know_doubts, after=("decisions", "signed-files")),
)


def ordered(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Return the steps so that each comes after those it names. Raises ValueError for doubles, gaps and circles."""
    left = list(steps)
    names = [step.name for step in left]
    if len(set(names)) != len(names):
        raise ValueError(f"evolution steps with the same name: {sorted({n for n in names if names.count(n) > 1})}")
    done: list[Step] = []
    while left:
        ready = [step for step in left if all(any(d.name == name for d in done) for name in step.after)]
        if not ready:
            raise ValueError(f"evolution steps wait for each other or for missing ones: {[s.name for s in left]}")
        done.extend(ready)
        left = [step for step in left if step not in ready]
    return tuple(done)


def unfinished(site: Any, steps: Iterable[Step] = SHIPPED) -> tuple[Step, ...]:
    """Return the steps that the database still needs, in order."""
    return tuple(step for step in ordered(steps) if step.name not in site.evolved)


def check(site: Any, steps: Iterable[Step] = SHIPPED) -> None:
    """Raise Unfinished unless the database fits this release exactly."""
    steps = tuple(steps)
    needed = [step.name for step in unfinished(site, steps)]
    if needed:
        raise Unfinished(f"the database needs these steps first: {', '.join(needed)}; run `surat evolve`")
    unknown = [name for name in site.evolved if name not in {step.name for step in steps}]
    if unknown:
        raise Unfinished(f"the database was evolved by a newer release: {', '.join(unknown)} unknown here")


def evolve(site: Any, commit: Callable[[], None], steps: Iterable[Step] = SHIPPED) -> tuple[str, ...]:
    """Run what is needed, each step in a commit of its own with its name; return the names."""
    done = []
    for step in unfinished(site, steps):
        step.run(site)
        site.evolved = (*site.evolved, step.name)
        commit()
        done.append(step.name)
    return tuple(done)
