"""The form of a letter kind on a page: what is shown in it, what was typed, and what JSON brings instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import colander
from pyramid.request import Request

from intranet_surat.errors import Invalid
from intranet_surat.kinds import schema
from intranet_surat.kinds.model import KindField, LetterKind
from intranet_surat.kinds.vocabularies import CHANNELS
from intranet_surat.kinds.warnings import warnings
from intranet_surat.resources.site import Office
from intranet_surat.services import rendering, rendering_glyphs
from intranet_surat.services.org import SiteOrg
from intranet_surat.services.uploads import Upload
from intranet_surat.web import forms, kind_lists, letter_uploads, sent_form
from intranet_surat.web.forms.widgets import Box, Files, Menu
from intranet_surat.web.negotiation import wants_json

FILE_TYPES = ".pdf,.jpg,.jpeg,.png"
MOST_CODES = 6
PROPOSED = 60
"""How many codes a classification box proposes; any code of the table may be typed."""


class KindForm:
    """The form of one kind for one office, as it goes out and as it comes back."""

    def __init__(self, request: Request, kind: LetterKind, office: Office, author: str) -> None:
        """``author`` is the position that writes; it decides who may sign."""
        self.request = request
        self.kind = kind
        self.office = office
        self.author = author
        self.boxes: set[str] = set()
        self.lists: Mapping[str, Mapping[str, str]] = kind_lists.of(
            request.house, request.site, office, request.words.today
        )
        self.narrow: Mapping[str, Mapping[str, str]] = kind_lists.narrow(
            office, author, SiteOrg(request.site, request.words.today)
        )

    def form(
        self,
        *,
        values: Mapping[str, Any] | None = None,
        files: Iterable[tuple[str, str, bool]] = (),
        kept: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> forms.PageForm:
        """Make the form; ``files`` are (name, title, several) boxes that stand before the fields."""
        node = schema.schema(
            self.kind, self.lists, timezone=self.request.words.timezone, today=self.request.words.today
        )
        for child in node.children:
            self._widget(child, child.field)
        for name, title, several in reversed(list(files)):
            box = _file_node(name, title, several)
            node.children.insert(0, box)
        shown = schema.initial(self.kind) if values is None else values
        form = forms.make_form(self.request, node, values=shown, kept=kept, **options)
        for child in form.children:
            field = getattr(child.schema, "field", None)
            if field is not None and field.type == "choice" and field.default is not None:
                child.optional = False  # it is never empty: the kind has a value for it
        return form

    def _widget(self, child: Any, field: KindField) -> None:
        """Choose controls where the general ones are not enough."""
        if field.vocabulary == "classification":
            child.widget = Box(options=self._codes())
        elif field.type == "addressees":
            listed = dict.fromkeys(
                label for name in ("positions", "offices", "villages") for label in self.lists[name].values()
            )
            child.widget = forms.widget_of(child)
            child.widget.proposals = (tuple(listed), (), tuple(CHANNELS))
        elif field.name in self.narrow:
            options = [(code, label, "") for code, label in self.narrow[field.name].items()]
            child.widget = Menu(options=options, empty="Pilih" if field.name == "signatory" else "")

    def _codes(self) -> list[tuple[str, str, str]]:
        """The classes of the first two levels as proposals; deeper codes are typed or found by their words."""
        found = self.request.house.reference.classifications.values()
        return [(f"{each.code} {each.name}", "", "") for each in found if each.level <= 2][:PROPOSED]

    def read(
        self, *, draft: bool = False, beside: frozenset[str] = frozenset(), usual: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """What was sent, as stored. Raises Invalid.

        ``beside`` are names in a program's body that are no fields, ``usual`` stands for fields that it left out.
        """
        if sent_form.is_json(self.request):
            sent = sent_form.values(self.request)
        else:
            sent = self.typed()
            if wants_json(self.request):
                # A browser's form brings its buttons; what a program sends is meant as a field.
                sent = dict.fromkeys(sent_form.names(self.request) - self.boxes, "") | sent
        sent = {**(usual or {}), **{name: value for name, value in sent.items() if name not in beside}}
        words = self.request.words
        try:
            found = schema.validate(
                self.kind, sent, self.lists, timezone=words.timezone, today=words.today, draft=draft
            )
        except Invalid as wrong:
            raise Invalid(self._with_codes(wrong.fields, sent), wrong.message) from None
        self._offered(found)
        self._printable(found)
        return found

    def doubts(self, name: str) -> str:
        """What is odd, though right in form, about a field as it was sent; never its value."""
        words = self.request.words
        found = warnings(self.kind, self.read(), {}, timezone=words.timezone, today=words.today)
        return found.get(name, "")

    def _offered(self, values: Mapping[str, Any]) -> None:
        """Raise Invalid for a position that the menu does not offer: who may sign, and whom the office addresses."""
        titles = {field.name: field.title for field in self.kind.form_fields}
        wrong = [name for name, listed in self.narrow.items() if values.get(name) and values[name] not in listed]
        if wrong:
            says = "{}: jabatan ini tidak ada dalam daftar. Pilih dari daftar."
            raise Invalid({name: says.format(titles[name]) for name in wrong})

    def typed(self) -> dict[str, Any]:
        """The fields of the form as text; ticks and rows in the form that the kind reads."""
        pstruct = letter_uploads.parsed(self.request)
        found: dict[str, Any] = {}
        for child in self.form().children:
            name = child.name
            if getattr(child.schema, "field", None) is None or name not in pstruct:
                continue
            value = child.widget.deserialize(child, pstruct[name])
            if isinstance(value, str):
                found[name] = self._code(value) if child.schema.field.vocabulary == "classification" else value
        return found

    def _with_codes(self, problems: Mapping[str, str], sent: Mapping[str, Any]) -> dict[str, str]:
        """The refusals; that of a classification names the codes that its words may mean."""
        found = dict(problems)
        typed = sent.get("classification")
        if "classification" in found and isinstance(typed, str):
            fitting = self.request.house.reference.find_classification(typed, limit=MOST_CODES)
            if fitting:
                named = "; ".join(f"{each.code} {each.name}" for each in fitting)
                found["classification"] = f"“{typed[:60]}” dapat berarti: {named}. Tulis salah satu kodenya."
        return found

    def _code(self, text: str) -> str:
        """A classification typed by its whole name becomes its code; words that only resemble one are asked back."""
        codes = self.lists["classification"]
        if text.split(" ", maxsplit=1)[0] in codes:
            return text
        wanted = " ".join(text.split()).casefold()
        return next((code for code, name in codes.items() if name.casefold() == wanted), text)

    def _printable(self, values: Mapping[str, Any]) -> None:
        """Raise Invalid beside each field that holds a sign for which the letter's face has no shape."""
        problems = {}
        for name, value in values.items() if self.kind.template else ():
            missing = rendering.missing_glyphs(rendering_glyphs.strings({name: value}), font=self.kind.shape.font)
            if missing:
                problems[name] = rendering_glyphs.sentence(missing)
        if problems:
            raise Invalid(problems)

    def again(
        self, wrong: Invalid, *, files: Iterable[tuple[str, str, bool]] = (), kept: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> forms.PageForm:  # fmt: skip
        """The form as it was sent, each refusal beside its field."""
        form = self.form(values={}, files=files, kept=kept, **options)
        form.set_pstruct(letter_uploads.parsed(self.request))
        return forms.fail(form, wrong.fields or ({"": wrong.message} if wrong.message else {}))

    def uploads(self, name: str, place: str) -> list[Upload]:
        """The files of a box. Raises Invalid, TooLarge."""
        self.boxes.add(name)
        return letter_uploads.accept(self.request, name, place)


def _file_node(name: str, title: str, several: bool) -> Any:
    node = colander.SchemaNode(colander.String(), name=name, title=title, missing=None)
    node.widget = Files(multiple=several, accept=FILE_TYPES)
    return node
