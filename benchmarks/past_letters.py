"""Letters with a history, made by engine runs in memory: what a replay is measured on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from intranet_surat.workflow.little_org import LittleOrg
from intranet_surat.workflow.model import Flow
from intranet_surat.workflow.rehearsal import Piece, Stage
from intranet_surat.workflow.replay_past import Past, PastAct

WORDS = {"instruksi-disposisi": {"pelajari": "Pelajari", "tindak-lanjuti": "Tindak lanjuti"}}


class Diary:
    """A letter on a stage that notes what is done, as `services.rehearsing` reads it from a stored one."""

    def __init__(self, flow: Flow, org: LittleOrg) -> None:
        self.stage = Stage(flow, org, vocabularies=WORDS)
        self.acts: list[PastAct] = []
        self._note("start", {}, {})

    def act(self, piece: Piece, action: str, who: str, form: Mapping[str, Any] | None = None) -> None:
        """Somebody does something. Raises as `Stage.act` does."""
        outcome = self.stage.act(piece, action, form or {}, who)
        made = piece.pieces[len(piece.pieces) - len(outcome.children) :]
        self._note("act", outcome.form, {str(each.holder): each.id for each in made})

    def past(self) -> Past:
        """All that happened."""
        letter = self.stage.letter
        return Past(
            letter.id, letter.office, letter.kind, dict(self.stage.org.fields), tuple(self.acts), self.stage.flow,
            print_code=str(letter.fields.get("print_code") or ""),
        )  # fmt: skip

    def _note(self, kind: str, form: Mapping[str, Any], children: Mapping[str, str]) -> None:
        """The act that was just done, and the parents that closed after it."""
        author = self.stage.letter.author
        for done in self.stage.acts[len(self.acts) :]:
            self.acts.append(
                PastAct(
                    kind, self.stage.setting.now, done.item, done.action, done.position or author,
                    done.person or author, done.state_from, done.state_to, form, {}, children,
                )
            )  # fmt: skip
            kind, form, children = "closing", {}, {}
