"""What the tests of the engine share: small flows from text, and letters played through without a database."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent
from typing import Any

from intranet_surat.workflow.engine import act
from intranet_surat.workflow.little_org import LittleOrg
from intranet_surat.workflow.loader import load
from intranet_surat.workflow.model import Flow, Mark
from intranet_surat.workflow.rehearsal import Piece, Stage, actor
from intranet_surat.workflow.view import Outcome

HERE = Mark("uji.yaml", 1, 1)
WORDS = {"instruksi-disposisi": {"pelajari": "Pelajari", "tindak-lanjuti": "Tindak lanjuti"}}

HEAD = """\
flow: surat/1
id: uji
version: 1
title: Uji
applies_to: {direction: %s}
calendar: hari-kerja
"""


def flow(body: str, direction: str = "keluar") -> Flow:
    """A flow from everything below its head."""
    return load(HEAD % direction + dedent(body), "uji.yaml")


def stage(
    body: str | Flow,
    letter: Mapping[str, Any] | None = None,
    org: Mapping[str, Any] | None = None,
    direction: str = "keluar",
) -> Stage:
    """A letter at the start of a flow."""
    made = body if isinstance(body, Flow) else flow(body, direction)
    return Stage(made, LittleOrg(made, org or {}, letter or {}), vocabularies=WORDS)


def do(on: Stage, who: str, action: str, piece: Piece | None = None, /, **form: Any) -> Outcome:
    """Somebody acts, on the item that he means when none is named."""
    on.minutes(1)
    return on.act(piece or on.find(action, who), action, form, who)


def only_decide(on: Stage, who: str, action: str, piece: Piece | None = None, /, **form: Any) -> Outcome:
    """What the engine answers, with nothing carried out."""
    return act(on.flow, piece or on.letter, action, form, actor(who), on.setting)
