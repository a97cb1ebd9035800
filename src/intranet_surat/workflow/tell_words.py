"""The words in which a flow is told and drawn: its people, fields, conditions, and the sentences made of them.

What is said of which part of a flow stands in `workflow.tell` and the modules beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from intranet_surat.workflow import durations
from intranet_surat.workflow.model import Duration, Flow, Mark, Sign, State, Who
from intranet_surat.workflow.overlay import states_of
from intranet_surat.workflow.rules import Among, Away, Both, Children, Compare, Either, InState, Named, Node, Not, Ref
from intranet_surat.workflow.sentences import joined

_DEEPEST = 6  # rules told inside rules: what names two rules, of which each names two, grows fast


@dataclass(frozen=True, slots=True)
class Piece:
    """One fact of a sentence: its ``name``, what is ``said`` of it in few words, its ``text`` in the sentence."""

    name: str
    said: str
    text: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence about a flow.

    ``part`` is the heading it stands under, ``about`` names what it is about, ``key`` is the path in the flow
    (also of what two versions have in common), ``mark`` the place in the file.
    """

    text: str
    mark: Mark | None
    part: str
    about: str
    key: tuple[str, ...]
    pieces: tuple[Piece, ...]


def sentence(part: str, about: str, key: tuple[str, ...], pieces: Iterable[Piece], mark: Mark | None) -> Sentence:
    """The sentence that the pieces give, with a capital at its beginning and a stop at its end."""
    kept = tuple(pieces)
    text = "".join(piece.text for piece in kept)
    return Sentence(text[:1].upper() + text[1:] + ".", mark, part, about, key, kept)


def words(name: str) -> str:
    """A name of the file as words."""
    return name.replace("_", " ").replace("-", " ")


def quote(text: str) -> str:
    """A title or a name of the file inside a sentence."""
    return f"“{text}”"


def listed(found: Iterable[str], last: str = "dan") -> str:
    """A list in a sentence, each of it once."""
    return joined(dict.fromkeys(found), last)


def title(state: State) -> str:
    """The title of a state; its name in words when it has none."""
    return state.title if state.title != state.name else words(state.name).capitalize()


def place(flow: Flow, track: str | None, name: str) -> str:
    """A state inside a sentence: its title, with its name where two share a title.

    A name that the track does not have is that of the letter's state, else of another track's.
    """
    machines = (states_of(flow, each) for each in (track, None, *flow.tracks))
    states = next((states for states in machines if name in states), None)
    if states is None:
        return quote(name)
    shown = title(states[name])
    twins = sum(title(each) == shown for each in states.values()) > 1
    return f"{quote(shown)} ({name})" if twins else quote(shown)


LEVEL, TURN = "pemaraf yang bergilir", "penanda tangan yang bergilir"
"""Whose turn it is, where they initial and where they sign in turn: the language has one word for both."""
_PEOPLE = {
    "name": "{0}",
    "author": "pembuat surat",
    "actor": "yang bertindak",
    "level": LEVEL,
    "head": "kepala {0}",
    "superior": "atasan {0}",
    "superiors": "atasan {0} sampai di bawah {1}",
    "staff": "bawahan {0}",
    "holder": "pemegang {0}",
    "giver": "pemberi disposisi",
    "actors": "yang bertindak di {0}",
    "item": "disposisi",
    "office": "kantor ini",
    "position": "jabatan {0} di {1}",
    "role": "pemegang peran {0} di {1}",
}


def person(who: Who, *, signing: bool = False) -> str:
    """A cast expression in Indonesian words; names of the cast stay as they are.

    ``signing`` tells that those whose turn it is sign here, and do not initial.
    """
    if signing and who.op == "level":
        return TURN
    if who.op == "office" and who.args:
        return str(who.args[0])
    if who.op == "holder" and isinstance(who.args[0], Who) and who.args[0].op == "letter":
        return person(who.args[0])  # a field of a letter that holds a position names its holder already
    if who.args and who.op in ("letter", "item", "form"):
        return reference(who.op, who.args)
    args = [person(arg, signing=signing) if isinstance(arg, Who) else words(str(arg)) for arg in who.args]
    return _PEOPLE[who.op].format(*args)


def people(whos: Iterable[Who], last: str = "dan", *, signing: bool = False) -> str:
    """Several cast expressions."""
    return listed((person(who, signing=signing) for who in whos), last)


def signatories(sign: Sign) -> str:
    """Who signs: one of these, or all of them in this order."""
    return people(sign.by, "lalu" if sign.in_turn else "atau")


def time(within: Duration | str) -> str:
    """A duration in Indonesian, or the field that holds it."""
    if isinstance(within, Duration):
        return durations.text(within)
    root, *path = within.split(".")
    return reference(root, path)


_FIELDS = {
    "acknowledged_by": "yang mengetahui",
    "addressee": "pejabat yang dituju",
    "addressees": "tujuan surat",
    "body": "isi naskah",
    "carbon_copies": "tembusan",
    "classification": "kode klasifikasi",
    "event": "kegiatan",
    "kind": "jenis surat",
    "number": "nomor surat",
    "person_name": "nama orangnya",
    "print_code": "kode QR cetakan surat",
    "purpose": "keperluan",
    "scan": "hasil pindai surat",
    "second_signatory": "penanda tangan kedua",
    "security": "sifat surat",
    "sender": "pengirim",
    "signatory": "penanda tangan",
    "signed": "cara surat ditandatangani",
    "subject": "hal surat",
    "urgency": "derajat surat",
}
_LEVELS = {"B": "biasa", "T": "terbatas", "R": "rahasia", "SR": "sangat rahasia"}


def reference(root: str, path: Sequence[str], flow: Flow | None = None) -> str:
    """A field that a rule or a cast expression reads."""
    name, *part = path
    if root == "letter":
        label = _FIELDS.get(name) or f"isian {quote(words(name))} surat"
    else:
        forms = [*(flow.forms.values() if flow is not None else ())]
        titles = (form.fields[name].title for form in forms if name in form.fields)
        of = " disposisi" if root == "item" else ""
        label = f"isian {quote(next(titles, '') or words(name))}{of}"
    return f"kode QR di {label}" if part == ["code"] else label


def condition(tree: Node, flow: Flow, track: str | None = None) -> str:
    """What a rule asks, in words that follow "asal" and "bila"."""
    return _Condition(flow, track).said(tree, 0)


@dataclass(frozen=True, slots=True)
class _Condition:
    """Says the nodes of one rule."""

    flow: Flow
    track: str | None

    def said(self, tree: Node, depth: int, *, yes: bool = True) -> str:
        """One node, or its opposite."""
        match tree:
            case Not(part):
                return self.said(part, depth, yes=not yes)
            case Named(name) if depth < _DEEPEST:
                return self.said(self.flow.rules[name].tree, depth + 1, yes=yes)
            case Named(name):
                return f"{'memenuhi' if yes else 'tidak memenuhi'} syarat {quote(words(name))}"
            case Both(parts) | Either(parts):
                joint = " dan " if isinstance(tree, Both) == yes else " atau "
                return joint.join(self._inside(part, depth, yes=yes) for part in parts)
            case Compare():
                return self._compare(tree, yes=yes)
            case Among(who):
                verb = "termasuk" if yes else "tidak termasuk"
                if who.op == "actors":
                    where = place(self.flow, self.track, str(who.args[0]))
                    return f"yang bertindak {verb} mereka yang bertindak di {where}"
                return f"yang bertindak {verb} {person(who)}"
            case InState(name):
                return f"{'sedang' if yes else 'tidak'} di keadaan {place(self.flow, self.track, name)}"
            case Children():
                return self._children(tree, yes=yes)
            case Away():
                return f"penyedia tanda tangan {'sedang' if yes else 'tidak sedang'} padam"

    def _inside(self, part: Node, depth: int, *, yes: bool) -> str:
        text = self.said(part, depth, yes=yes)
        return f"({text})" if isinstance(self._core(part, depth), Both | Either) else text

    def _core(self, node: Node, depth: int) -> Node:
        """The node that is told in the place of this one."""
        match node:
            case Not(part):
                return self._core(part, depth)
            case Named(name) if depth < _DEEPEST:
                return self._core(self.flow.rules[name].tree, depth + 1)
        return node

    def _children(self, node: Children, *, yes: bool) -> str:
        ends = {"open": "masih berjalan", "final": "sudah berakhir"}
        how = ends.get(node.state) or f"di keadaan {place(self.flow, node.track, node.state)}"
        what = words(node.track)
        return {
            ("all", True): f"semua {what} {how}",
            ("all", False): f"tidak semua {what} {how}",
            ("some", True): f"ada {what} yang {how}",
            ("some", False): f"tidak ada {what} yang {how}",
            ("no", True): f"tidak ada {what} yang {how}",
            ("no", False): f"ada {what} yang {how}",
        }[node.quantity, yes]

    def _compare(self, node: Compare, *, yes: bool) -> str:
        if node.left.root == "item" and node.left.path == ("read",) and node.op in ("present", "absent"):
            return "disposisi sudah dibaca" if (node.op == "present") == yes else "disposisi belum dibaca"
        field = reference(node.left.root, node.left.path, self.flow)
        if node.op in ("present", "absent"):
            return f"{field} sudah ada" if (node.op == "present") == yes else f"{field} belum ada"
        if node.op == "none":
            return f"{field} {'tidak ditentukan' if yes else 'ditentukan'}"
        values = listed((self._value(node.left, each) for each in node.values), "atau")
        plain, opposite = _COMPARED[node.op]
        return f"{field} {plain if yes else opposite} {values}"

    def _value(self, left: Ref, value: str | Ref) -> str:
        if isinstance(value, Ref):
            return reference(value.root, value.path, self.flow)
        if left.path == ("security",):
            return _LEVELS.get(value, value)
        return value if value[:1].isdigit() else words(value)  # dates and codes stay as they are


_COMPARED = {
    "is": ("adalah", "bukan"),
    "in": ("adalah", "bukan"),
    "under": ("di bawah kode", "tidak di bawah kode"),
    "equals": ("sama dengan", "tidak sama dengan"),
    "before": ("sebelum", "tidak sebelum"),
}
