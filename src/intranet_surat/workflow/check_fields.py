"""Fields that rules, deadlines, child items and tests read: whether they exist at that place."""

from __future__ import annotations

from collections.abc import Iterator

from intranet_surat.workflow import cast, rules
from intranet_surat.workflow.check_parts import Look, Machine, Path, acts, deadlines, machines, reach
from intranet_surat.workflow.findings import quoted
from intranet_surat.workflow.model import Action, Deadline, FlowTest, Mark, Rule

_DATED = ("deadline", "date")


def check_fields(look: Look) -> None:
    """Every ``letter.x``, ``item.x`` and ``form.x`` of the flow, where it stands and where it is used."""
    for rule in look.flow.rules.values():
        for ref in rules.references(rule.tree):
            _reference(look, ref)
    needs = _Needs(look)
    for promise in look.flow.promises:
        needs.without_actor(promise.tree, None, promise.mark)
    for machine in machines(look.flow):
        for state in machine.states.values():
            for deadline, path in deadlines(machine, state):
                _within(look, machine, deadline)
                needs.without_actor(deadline.paused_while, machine, look.places.value(*path, "paused_while"))
            for branch in state.choose:
                if branch.when is not None and branch.mark is not None:
                    path = (*machine.path, state.name, "choose")
                    needs.item_only_in_tracks(branch.when, machine, look.places.inside(branch.mark, "when", *path))
        for action, path, _ in acts(machine):
            _fan_out(look, action, path)
            for rule_name in action.needs:
                needs.at_action(rule_name, machine, action, path)
    # A change of the base that was refused leaves its tests with names that do not exist: echoes, not causes.
    for test in look.flow.tests if look.flow.base is None or not look.found else ():
        _test(look, test)


def _reference(look: Look, ref: rules.Ref) -> None:
    """A field of a rule by itself: whether anything in the flow or the world has it."""
    name = ref.path[0]
    if ref.root == "letter":
        look.unknown(ref.mark, "Isian surat", name, look.letter_fields, "unknown-field")
    elif ref.root == "item":
        known = frozenset[str]().union(*look.item_fields.values())
        look.unknown(ref.mark, "Isian anak surat", name, known, "unknown-field")
    else:
        fields = {field for form in look.flow.forms.values() for field in form.fields}
        look.unknown(ref.mark, "Isian formulir", name, fields, "unknown-field")
    _parts_of(look, ref)


def _parts_of(look: Look, ref: rules.Ref) -> None:
    """Only the code of an uploaded file is a part that can be read; everything else is one value."""
    if len(ref.path) == 1:
        return
    name, fields = ref.path[0], [form.fields.get(ref.path[0]) for form in look.flow.forms.values()]
    if ref.root == "form" and ref.path[1:] == ("code",):
        if any(fields) and not any(field.read_code for field in fields if field is not None):
            message = f"Kode berkas '{name}' tidak dibaca; tambahkan 'read_code: true' pada isian itu."
            look.found.add(ref.mark, message, rule="unknown-field")
    else:
        message = f"Isian '{ref.root}.{name}' tidak mempunyai bagian {quoted('.'.join(ref.path[1:]))}."
        look.found.add(ref.mark, message, rule="unknown-field", accepted=("code",) if ref.root == "form" else ())


class _Needs:
    """Rules at the places where they are needed: what they read, through the rules they name."""

    def __init__(self, look: Look) -> None:
        self.look = look
        graph = {name: [part.rule for part in _parts(rule, rules.Named)] for name, rule in look.flow.rules.items()}
        own = {name: _reads(look, rule.tree) for name, rule in look.flow.rules.items()}
        self.reads = {name: set[tuple[str, str]]().union(*(own[one] for one in reach(name, graph))) for name in own}

    def without_actor(self, tree: rules.Node | None, machine: Machine | None, mark: Mark | None) -> None:
        """An expression that is asked while nobody acts: of a deadline, or of a promise (no machine)."""
        if tree is None or mark is None:
            return
        for ref in rules.references(tree):
            _reference(self.look, ref)
        inner = [part.rule for part in rules.walk(tree) if isinstance(part, rules.Named)]
        reads = _reads(self.look, tree).union(*(self.reads.get(name, set()) for name in inner))
        mine = self.look.item_fields.get(machine.track, frozenset()) if machine is not None and machine.track else None
        for root, name in sorted(reads):
            if root in ("actor", "form"):
                message = f"Syarat ini ditanyakan saat tidak ada yang bertindak; {quoted(root)} tidak berarti di sini."
                self.look.found.add(mark, message, rule="misplaced-word")
            elif root == "item" and mine is None:
                message = "Syarat ini membaca 'item', yang hanya ada di sebuah jalur (tracks)."
                self.look.found.add(mark, message, rule="misplaced-word")
            elif root == "item" and name and name not in (mine or ()):
                message = f"Syarat ini membaca item.{name}, yang tidak ada di jalur ini."
                self.look.found.add(mark, message, rule="unknown-field", accepted=sorted(mine or ()))

    def item_only_in_tracks(self, rule: str, machine: Machine, mark: Mark) -> None:
        """The letter itself is no item."""
        if machine.track is None and any(root == "item" for root, _ in self.reads.get(rule, ())):
            message = f"Aturan '{rule}' membaca 'item', yang hanya ada di sebuah jalur (tracks)."
            self.look.found.add(mark, message, rule="misplaced-word")

    def at_action(self, rule: str, machine: Machine, action: Action, path: Path) -> None:
        """What the rule reads must be asked by this action, or be a field of this track's items."""
        mark = self.look.places.word(rule, *path, "needs")
        self.item_only_in_tracks(rule, machine, mark)
        form = self.look.flow.forms.get(action.ask or "")
        asked = form.fields if form is not None else {}
        mine = self.look.item_fields.get(machine.track or "", frozenset())
        for root, name in sorted(self.reads.get(rule, ())):
            if root == "form" and name not in asked and (form is not None or action.ask is None):
                message = f"Aturan '{rule}' membaca form.{name}, yang tidak ditanyakan oleh '{action.name}'."
                self.look.found.add(mark, message, rule="unknown-field", accepted=list(asked))
            if root == "item" and name and machine.track is not None and name not in mine:
                message = f"Aturan '{rule}' membaca item.{name}, yang tidak ada di jalur '{machine.track}'."
                self.look.found.add(mark, message, rule="unknown-field", accepted=sorted(mine))


def _parts(rule: Rule, kind: type[rules.Named]) -> Iterator[rules.Named]:
    return (part for part in rules.walk(rule.tree) if isinstance(part, kind))


def _reads(look: Look, tree: rules.Node) -> set[tuple[str, str]]:
    """(root, field) of what an expression reads itself; ("item", "") when its people depend on the item."""
    reads = {(ref.root, ref.path[0]) for ref in rules.references(tree)}
    for part in rules.walk(tree):
        if isinstance(part, rules.Among):
            reads.add(("actor", ""))
            for who in cast.parts(part.who):
                ops = look.words.get(str(who.args[0]), frozenset()) if who.op == "name" else frozenset({who.op})
                reads |= {("item", "")} if "item" in ops else set()
    return reads


def _within(look: Look, machine: Machine, deadline: Deadline) -> None:
    if not isinstance(deadline.within, str) or deadline.mark is None:
        return
    root, name = deadline.within.split(".")
    if root == "letter":
        look.unknown(deadline.mark, "Isian surat", name, look.letter_fields, "unknown-field")
    elif root == "form" or machine.track is None:
        message = f"Batas di sini tidak dapat membaca {deadline.within}; pakai lama, atau isian surat."
        look.found.add(deadline.mark, message, rule="misplaced-word")
    else:
        dated = look.item_fields[machine.track] & _dated(look)
        look.unknown(deadline.mark, "Isian batas", name, dated, "unknown-field")


def _dated(look: Look) -> frozenset[str]:
    forms = look.flow.forms.values()
    return frozenset(field.name for form in forms for field in form.fields.values() if field.type in _DATED)


def _fan_out(look: Look, action: Action, path: Path) -> None:
    """Child items are made from a field of positions that this action asks."""
    if action.fan_out is None:
        return
    mark = look.places.value(*path, "fan_out", "per")
    if action.ask is None:
        message = f"Tindakan '{action.name}' membuat anak surat dari isian, tetapi tidak menanyakan formulir ('ask')."
        look.found.add(mark, message, rule="fan-out")
    elif action.ask in look.flow.forms:
        fields = look.flow.forms[action.ask].fields.values()
        many = [field.name for field in fields if field.type in ("position", "positions")]
        look.unknown(mark, "Isian jabatan", action.fan_out.per, many, "unknown-field")


def _test(look: Look, test: FlowTest) -> None:
    """Names in a test that nothing in the flow has."""
    names = _act_names(look)
    path = ("tests", test.name)
    for name in test.letter:
        mark = look.places.key(*path, "letter", name)
        look.unknown(mark, "Isian surat", name, look.letter_fields, "unknown-field")
    for step, mark in zip(test.run, test.marks, strict=True):
        if step.get("act"):  # empty: refused already
            act = look.places.inside(mark, "act", *path, "run")
            look.unknown(act, "Tindakan", step["act"], names, "unknown-action")
        state = (step.get("expect") or {}).get("state")
        if state is not None:
            expected = look.places.inside(mark, "expect", *path, "run")
            look.unknown(expected, "Keadaan", state, look.flow.states, "unknown-state")


def _act_names(look: Look) -> list[str]:
    names: list[str] = []
    for machine in machines(look.flow):
        names += [action.name for action, _, _ in acts(machine)]
        for state in machine.states.values():
            names += [part.act for part in (state.route, state.sign) if part is not None]
    return names
