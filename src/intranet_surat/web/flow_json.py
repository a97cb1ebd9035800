"""Flows and drafts as JSON, made of the same data as their pages (`web.flow_page`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from intranet_surat.services.migrating import Stuck
from intranet_surat.web.flow_page import DraftPage, TrialView
from intranet_surat.workflow.diff import Change


def change(one: Change) -> dict[str, Any]:
    """One difference."""
    return {"kind": one.kind, "text": one.text, "line": one.mark.line if one.mark else None}


def draft(seen: DraftPage, url: str, stranded: Iterable[Stuck], lost: Iterable[Stuck]) -> dict[str, Any]:
    """A draft and its proofs; of the letters that stay those that the reader may know."""
    known, changed = seen.proofs, seen.proofs.difference
    return {
        "@id": url,
        "@type": "FlowDraft",
        "id": seen.draft.id,
        "flow": seen.draft.flow,
        "place": seen.place_name,
        "state": seen.draft.state,
        "saved": seen.draft.saved,
        "text": seen.text,
        "ready": known.ready,
        "findings": [
            {
                "file": each.mark.file, "line": each.mark.line, "column": each.mark.column, "message": each.message,
                "rule": each.rule, "accepted": each.accepted, "suggestion": each.suggestion,
            }
            for each in known.findings
        ],
        "tests": [{"name": each.name, "ok": each.ok, "message": each.message} for each in known.tests],
        "promises": [{"text": each.promise.text, "answer": each.answer, "acts": each.acts} for each in known.promises],
        "changes": [change(each) for each in changed.words] if changed is not None else [],
        "powers": [{"gained": each.gained, "text": each.text} for each in changed.grouped] if changed else [],
        "powers_measured": changed is not None and changed.measured,
        "letters_moving": known.plan.letters,
        "letters_stranded": [each.path for each in stranded],
        "letters_lost": [each.path for each in lost],
        "letters_staying": len(known.plan.stranded) + len(known.plan.lost),
        "letters_unseen": known.plan.unseen,
        "letters_trial": trial(seen.trial),
    }  # fmt: skip


def trial(seen: TrialView | None) -> dict[str, Any] | None:
    """How far the look at all letters is."""
    if seen is None:
        return None
    at = seen.at.isoformat() if seen.at is not None else None
    return {"state": seen.state, "seen": seen.seen, "total": seen.total, "at": at}
