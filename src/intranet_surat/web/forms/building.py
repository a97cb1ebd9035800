"""Making forms from kinds and from flows, reading what was sent, and putting refusals beside their fields."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import colander
import deform
import peppercorn
from markupsafe import Markup
from pyramid.renderers import render
from pyramid.request import Request

from intranet_surat.kinds import dates
from intranet_surat.kinds.model import KindField, LetterKind
from intranet_surat.kinds.schema import FieldType, Reading, schema
from intranet_surat.kinds.vocabularies import Vocabulary, lookup
from intranet_surat.web.forms import widgets
from intranet_surat.web.forms.sentences import sentences
from intranet_surat.web.forms.types import FileChoice, Several
from intranet_surat.workflow.model import Field as AskedField
from intranet_surat.workflow.model import Form as AskedForm

Choices = Mapping[str, Sequence[tuple[str, ...]]]
Buttons = Sequence[tuple[str, str]]
TEMPLATES = "intranet_surat.templates:forms/{}.jinja2"
FEW = 6
"""Up to so many choices stand in sight; more go into a list that opens."""
ROWS_SHOWN = 3
NARROW = 34
"""A list whose longest choice has so many letters takes half of a row."""
NARROW_TYPES = frozenset({"date", "instant", "number", "nik", "nip"})
ADD_ROW = "_tambah"


class PageForm(deform.Form):
    """A form on a page: what deform knows, and the hidden values that every form of ours sends back."""

    def __init__(self, node: colander.SchemaNode, request: Request, **options: Any) -> None:
        """Draw with our templates, in the context of this request."""
        self.request = request
        self.key = request.POST.get("_kunci") or secrets.token_urlsafe(16)
        self.version: int | None = options.pop("version", None)
        self.cancel: tuple[str, str] | None = options.pop("cancel", None)
        self.elsewhere: list[str] = []
        super().__init__(node, renderer=partial(_draw, request), **options)
        for child in self.children:
            child.oid = f"f-{child.name}"
            child.help = str(child.schema.description or "")
            child.optional = not child.schema.required and not isinstance(child.widget, widgets.YesNo)

    @property
    def rows(self) -> list[list[Any]]:
        """The visible fields in the order of the page; two narrow ones that follow each other share a row."""
        found: list[list[Any]] = []
        for child in self.children:
            if child.widget.hidden:
                continue
            last = found[-1] if found else []
            if len(last) == 1 and _is_narrow(child) and _is_narrow(last[0]):
                last.append(child)
            else:
                found.append([child])
        return found

    @property
    def problems(self) -> list[tuple[str, str]]:
        """(address of the field on this page, sentence) for each refusal."""
        found = [(f"#{each.oid}", says) for each in self.children for says in sentences(each.error)]
        return found + [("", says) for says in self.elsewhere]

    def render(self, appstruct: Any = colander.null, **kw: Any) -> Markup:
        """The whole form as HTML that is safe to print."""
        return Markup(super().render(appstruct, **kw) if appstruct is not colander.null else super().render(**kw))  # noqa: S704


def make_form(
    request: Request,
    node: colander.SchemaNode,
    *,
    values: Mapping[str, Any] | None = None,
    action: str = "",
    buttons: Buttons = (("kirim", "Kirim"),),
    version: int | None = None,
    cancel: tuple[str, str] | None = None,
    kept: Mapping[str, Any] | None = None,
) -> PageForm:
    """A form over any colander schema. ``values`` are shown in it, ``kept`` are stored files by field name.

    ``buttons`` are (name, title): the first is the main one. ``cancel`` is an address and its words.
    """
    for child in node.children:
        if child.widget is None:
            child.widget = widget_of(child)
        if isinstance(child.widget, widgets.Files) and kept:
            child.widget.kept = kept.get(child.name)
    made = [deform.Button(name=name, title=title, value=name) for name, title in buttons]
    form = PageForm(node, request, action=action, buttons=made, version=version, cancel=cancel)
    if values:
        known = {child.name for child in node.children}
        form.set_appstruct({name: value for name, value in values.items() if name in known and value is not None})
    return form


def form_from_kind(
    request: Request, kind: LetterKind, vocabularies: Mapping[str, Vocabulary], *, draft: bool = False, **options: Any
) -> PageForm:
    """The form of a letter kind; ``options`` are those of `make_form`."""
    words = request.words
    node = schema(kind, vocabularies, timezone=words.timezone, today=words.today, draft=draft)
    return make_form(request, node, **options)


def form_from_flow(
    request: Request, form: AskedForm | None, choices: Choices | None = None, *, title: str = "Kirim", **options: Any
) -> PageForm:
    """The form that a flow asks at an action; without a form of its own only a button.

    ``choices`` gives the values of the fields that choose: (value, label[, hint]) by field name.
    """
    node = colander.SchemaNode(colander.Mapping(), name="isian")
    for field in form.fields.values() if form is not None else ():
        node.add(_node_of(request, field, [_option(each) for each in (choices or {}).get(field.name, ())]))
    options.setdefault("buttons", (("kirim", title),))
    return make_form(request, node, **options)


def submitted(form: PageForm, post: Any) -> dict[str, Any] | None:
    """What was sent, as it is stored; None when something is wrong, and then the form shows what.

    Fields that were left empty are None, and kept out of the result.
    """
    try:
        values: dict[str, Any] = form.validate(list(post.items()))
    except deform.ValidationFailure:
        return None
    return {name: value for name, value in values.items() if value is not None}


def fail(form: PageForm, problems: Mapping[str, str]) -> PageForm:
    """Put refusals of a service beside their fields; those of unknown fields stand above the form."""
    by_name = {child.name: child for child in form.children}
    for name, says in problems.items():
        child = by_name.get(name.partition(".")[0])
        if child is None or child.widget.hidden:
            form.elsewhere.append(says)
        else:
            child.error = colander.Invalid(child.schema, says)
    return form


def wants_row(form: PageForm, post: Any) -> bool:
    """Whether "Tambah baris" was pressed; the form then shows what was typed and more empty rows."""
    name = post.get(ADD_ROW)
    if not name:
        return False
    form.set_pstruct(peppercorn.parse(list(post.items())))
    for child in form.children:
        child.error = None
        if child.name == name and isinstance(child.widget, widgets.Rows):
            child.widget.spare = ROWS_SHOWN
    return True


def _draw(request: Request, template: str, **kw: Any) -> Markup:
    return Markup(render(TEMPLATES.format(template), {**kw, "sentences": sentences}, request=request))  # noqa: S704


def _is_narrow(field: Any) -> bool:
    """Whether a field needs no more than half of the form's width."""
    if isinstance(field.widget, widgets.Menu):
        return max((len(label) for _, label, _ in field.widget.options), default=0) <= NARROW
    kind = getattr(field.schema, "field", None)
    return isinstance(field.widget, widgets.Box) and kind is not None and kind.type in NARROW_TYPES


def _option(pair: Iterable[str]) -> widgets.Option:
    value, label, hint = (*pair, "", "")[:3]
    return (str(value), str(label or value), str(hint))


def widget_of(node: colander.SchemaNode) -> widgets.Control:
    """The control for a field of a kind, or for a plain colander node."""
    field: KindField | None = getattr(node, "field", None)
    if field is None:
        return widgets.Lines() if isinstance(node.typ, Several) else widgets.Box()
    if field.type in {"choice", "position"}:
        listed = lookup(field.vocabulary or "", node.typ.reading.vocabularies)
        options = [(code, label, "") for code, label in listed.items()]
        if len(options) > 60:
            return widgets.Box(options=[(f"{code} {label}".strip(), "", "") for code, label, _ in options[:200]])
        return widgets.Menu(options=options, empty="" if field.default else "Pilih")
    if field.type == "body":
        return widgets.Lines(rows=16)
    if field.type == "lines":
        return widgets.Lines(rows=3)
    if field.type == "addressees":
        return widgets.Rows(columns=(("Nama jabatan atau kantor", ()), ("Tempat", ()), ("Saluran atau surel", ())))
    if field.type == "rows":
        return widgets.Rows(columns=tuple((each.title, ()) for each in field.columns))
    if field.type == "yes-no":
        return widgets.YesNo()
    if field.type == "text" and field.maximum > 200:
        return widgets.Lines(rows=2)
    modes = {"date": "numeric", "number": "numeric", "nip": "numeric", "nik": "numeric", "email": "email"}
    return widgets.Box(inputmode=modes.get(field.type), css_class="short" if field.type in {"date", "number"} else "")


def _node_of(request: Request, field: AskedField, options: list[widgets.Option]) -> colander.SchemaNode:
    title = field.title or field.name.replace("_", " ").capitalize()
    verb = "dipilih" if options or field.type in {"file", "files"} else "diisi"
    hints = {"date": dates.HOW, "deadline": "Hari/bulan/tahun, misalnya 25/11/2026."}
    node = colander.SchemaNode(
        _type_of(request, field, title, options),
        name=field.name,
        title=title,
        description="" if options else hints.get(field.type, ""),
        missing=colander.required if field.required else None,
        missing_msg=f"{title} belum {verb}.",
    )
    node.widget = _asked_widget(field, options)
    if field.default is not None:
        node.default = field.default
    return node


def _type_of(request: Request, field: AskedField, title: str, options: list[widgets.Option]) -> Any:
    if field.type in {"choices", "positions"}:
        return Several(frozenset(value for value, _, _ in options))
    if field.type in {"file", "files"}:
        return FileChoice()
    kind = {"text": "lines", "date": "date", "deadline": "date", "yes-no": "yes-no"}.get(field.type, "choice")
    if options:
        kind = "choice"
    words = request.words
    reading = Reading({field.name: {v: label for v, label, _ in options}}, words.timezone, words.today)
    return FieldType(KindField(field.name, title, kind, field.required, maximum=4000, vocabulary=field.name), reading)


def _asked_widget(field: AskedField, options: list[widgets.Option]) -> widgets.Control:
    if field.type in {"choices", "positions"}:
        return widgets.Ticks(options=options)
    if field.type in {"file", "files"}:
        return widgets.Files(multiple=field.type == "files", accept=",".join(field.accept))
    if options or field.type in {"choice", "position"}:
        few = len(options) <= FEW
        return widgets.Radios(options=options) if few else widgets.Menu(options=options, empty="Pilih")
    if field.type == "yes-no":
        return widgets.YesNo()
    if field.type in {"date", "deadline"}:
        return widgets.Box(inputmode="numeric", css_class="short")
    return widgets.Lines(rows=3)
