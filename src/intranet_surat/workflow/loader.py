"""From the text of a flow file to a `Flow`, or to all the reasons why not.

Reading by the table of keywords happens here and in the ``loader_*`` modules; whether the names fit
together is asked of `workflow.check`.
"""

from __future__ import annotations

from hashlib import sha256

from intranet_surat.workflow import check
from intranet_surat.workflow.findings import FlowError, Found
from intranet_surat.workflow.loader_block import Block
from intranet_surat.workflow.loader_forms import read_cast, read_forms, read_rules
from intranet_surat.workflow.loader_reading import Reading
from intranet_surat.workflow.loader_states import read_states, read_tracks
from intranet_surat.workflow.loader_tests import read_tests
from intranet_surat.workflow.model import Applies, Flow
from intranet_surat.workflow.nodes import Pairs, compose
from intranet_surat.workflow.world import World


def load(text: str, source: str, world: World | None = None) -> Flow:
    """The flow that ``text`` holds; ``source`` is the file name for messages.

    With a ``world`` the flow is checked in full; without one only that its own names fit together, which
    is right for a text that was accepted before: a checker that became stricter strands no letter.
    Raises FlowError with all findings, causes before their echoes.
    """
    found = Found()
    tree = compose(text, source, found)
    if tree is None:
        raise FlowError(found.sorted())
    flow = _flow(Reading(found, world.runs() if world is not None else None), tree, text, source)
    check.look(flow, world, tree, found)
    if found:
        raise FlowError(found.sorted())
    return flow


def _flow(reading: Reading, tree: Pairs, text: str, source: str) -> Flow:
    """The flow as far as it can be read; what cannot is a finding and left out."""
    block = Block(reading, tree, "flow", "alur")
    block.take("flow")
    name = block.take("id") or ""
    return Flow(
        id=name,
        version=block.take("version") or 0,
        title=block.take("title") or name,
        applies=_applies(block),
        calendar=block.take("calendar") or "",
        cast=read_cast(reading, block.take("cast")),
        rules=read_rules(reading, block.take("rules")),
        forms=read_forms(reading, block.take("forms")),
        states=read_states(reading, block.take("states")),
        tracks=read_tracks(reading, block.take("tracks")),
        tests=read_tests(reading, block.take("tests")),
        text=text,
        hash=sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        source=source,
    )


def _applies(block: Block) -> Applies:
    inner = block.block("applies_to", "applies_to")
    if inner is None:
        return Applies("masuk")
    kinds = inner.take("kinds")
    return Applies(inner.take("direction") or "masuk", kinds or None)
