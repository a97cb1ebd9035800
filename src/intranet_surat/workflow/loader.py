"""From the text of a flow file to a `Flow`, or to all the reasons why not.

Reading by the table of keywords happens here and in the ``loader_*`` modules; whether the names fit
together is asked of `workflow.check`.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from intranet_surat.workflow import check
from intranet_surat.workflow.extending import Bases, extends, resolve
from intranet_surat.workflow.findings import FlowError, Found
from intranet_surat.workflow.loader_block import Block
from intranet_surat.workflow.loader_forms import read_cast, read_forms, read_rules
from intranet_surat.workflow.loader_reading import Reading
from intranet_surat.workflow.loader_states import read_states, read_tracks
from intranet_surat.workflow.loader_terms import read_absence, read_moves, read_openings, read_promises
from intranet_surat.workflow.loader_tests import read_tests
from intranet_surat.workflow.model import Applies, Flow
from intranet_surat.workflow.nodes import Pairs, compose, marks, plain
from intranet_surat.workflow.printing import text_of
from intranet_surat.workflow.world import World


def load(text: str, source: str, world: World | None = None, bases: Bases | None = None) -> Flow:
    """The flow that ``text`` holds; ``source`` is the file name for messages.

    With a ``world`` the flow is checked in full; without one only that its own names fit together, which
    is right for a text that was accepted before: a checker that became stricter strands no letter. A flow that
    extends another one finds it by ``bases``. Raises FlowError with all findings, causes before their echoes.
    """
    found = Found(source)
    reading = Reading(found, world.runs() if world is not None else None)
    read = _resolved(reading, text, source, world, bases)
    if read is None:
        raise FlowError(found.sorted())
    tree, base = read
    flow = _flow(reading, tree, text, source, base)
    check.look(flow, world, tree, found)
    if found:
        raise FlowError(found.sorted())
    return flow


def load_all(
    texts: Mapping[str, str], world: World | None = None, bases: Bases | None = None
) -> dict[str, Flow | FlowError]:
    """The flows of several files by their names, or why not: bases first, so that the others find them."""
    found: dict[str, Flow | FlowError] = {}
    trees = {source: marks(text, source) for source, text in texts.items()}
    named = {source: names(tree) for source, tree in trees.items()}

    def base(name: str, version: int) -> Flow | None:
        for source, flow in found.items():
            if named[source] == (name, str(version)):
                if isinstance(flow, FlowError):
                    raise flow
                return flow
        return bases(name, version) if bases is not None else None

    for source in sorted(texts, key=lambda source: extends(trees[source])):
        try:
            found[source] = load(texts[source], source, world, base)
        except FlowError as error:
            found[source] = error
    return {source: found[source] for source in texts}


def names(tree: Pairs) -> tuple[str, str]:
    """The id and the version that a file gives itself, as they are written; a file with findings may have them too."""
    id_, version = (plain(tree.entries[key].value) if key in tree.entries else "" for key in ("id", "version"))
    return str(id_), str(version)


def resolved(text: str, source: str, bases: Bases | None = None) -> Pairs:
    """The whole tree of a flow that was loaded before, each value with the file and the place it comes from."""
    read = _resolved(Reading(Found(), None), text, source, None, bases)
    return read[0] if read is not None else marks(text, source)


def _resolved(
    reading: Reading, text: str, source: str, world: World | None, bases: Bases | None
) -> tuple[Pairs, str | None] | None:
    """The whole tree, and the base if the file changes one; None when nothing can be read."""
    tree = compose(text, source, reading.found)
    if tree is None or not extends(tree):
        if tree is not None and "change" in tree.entries:
            message = "'change' mengubah alur dasar; sebut alur itu dengan 'extends: id@versi'."
            reading.found.add(tree.entries["change"].key.mark, message, rule="extends")
        return (tree, None) if tree is not None else None
    return resolve(reading, tree, bases, world.words if world is not None else None)


def _flow(reading: Reading, tree: Pairs, written: str, source: str, base: str | None) -> Flow:
    """The flow as far as it can be read; what cannot is a finding and left out."""
    text = written if base is None else _printed(reading, tree)
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
        absence=read_absence(block),
        promises=read_promises(block),
        migrate=read_moves(block),
        open=read_openings(block),
        base=base,
        text=text,
        written=written,
        hash=sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        source=source,
    )


def _printed(reading: Reading, tree: Pairs) -> str:
    """The resolved text, which must be one that can be read again: it is what letters will run on."""
    text = text_of(tree)
    again = Found()
    if compose(text, tree.mark.file, again) is None or again:
        said = again.sorted()[0].message if again else ""
        reading.found.add(tree.mark, f"Alur dengan perubahannya tidak dapat disimpan: {said}", rule="size")
    return text


def _applies(block: Block) -> Applies:
    inner = block.block("applies_to")
    if inner is None:
        return Applies("masuk")
    kinds = inner.take("kinds")
    return Applies(inner.take("direction") or "masuk", kinds or None)
