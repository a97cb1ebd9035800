"""Making forms from colander schemas, choosing a control for each field, putting refusals beside their fields."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import colander
import deform
import peppercorn
from markupsafe import Markup
from pyramid.renderers import render
from pyramid.request import Request

from intranet_surat.kinds.model import KindField
from intranet_surat.kinds.vocabularies import lookup
from intranet_surat.web import sent_form
from intranet_surat.web.forms import widgets

Buttons = Sequence[tuple[str, str]]
TEMPLATES = "intranet_surat.templates:forms/{}.jinja2"
ROWS_SHOWN = 3
NARROW = 34
"""A list whose longest choice has so many letters takes half of a row."""
NARROW_TEXT = 80
NARROW_TYPES = frozenset({"date", "instant", "number", "nik", "nip"})
ADD_ROW = "_tambah"


class PageForm(deform.Form):
    """A form on a page: what deform knows, and the hidden values that every form of ours sends back."""

    css_class = "sheet pad-l"

    def __init__(self, node: colander.SchemaNode, request: Request, **options: Any) -> None:
        """Draw with our templates, in the context of this request."""
        self.request = request
        self.key = sent_form.text(request, sent_form.KEY) or secrets.token_urlsafe(16)
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
        """The fields in the order of the page; two narrow ones that follow each other share a row."""
        found: list[list[Any]] = []
        for child in self.children:
            last = found[-1] if found else []
            if len(last) == 1 and _is_narrow(child) and _is_narrow(last[0]):
                last.append(child)
            else:
                found.append([child])
        return found

    @property
    def boxes(self) -> list[str]:
        """The names under which what a person types is sent; not what is kept sealed, nor dates and numbers."""
        typed = [each for each in self.children if _is_typed(each)]
        return [widgets.CELL if isinstance(each.widget, widgets.Rows) else each.name for each in typed]

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


def fail(form: PageForm, problems: Mapping[str, str]) -> PageForm:
    """Put refusals of a service beside their fields; those of unknown fields stand above the form."""
    by_name = {child.name: child for child in form.children}
    for name, says in problems.items():
        child = by_name.get(name.partition(".")[0])
        if child is None:
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


def sentences(error: colander.Invalid | None) -> list[str]:
    """What is wrong with a field, as sentences."""
    return [str(each) for each in error.messages()] if error is not None else []


def _draw(request: Request, template: str, **kw: Any) -> Markup:
    return Markup(render(TEMPLATES.format(template), {**kw, "sentences": sentences}, request=request))  # noqa: S704


def _is_narrow(field: Any) -> bool:
    """Whether a field needs no more than half of the form's width."""
    if isinstance(field.widget, widgets.Menu):
        return max((len(label) for _, label, _ in field.widget.options), default=0) <= NARROW
    kind = getattr(field.schema, "field", None)
    if not isinstance(field.widget, widgets.Box) or kind is None:
        return False
    return kind.type in NARROW_TYPES or (kind.type == "text" and kind.maximum <= NARROW_TEXT)


def _is_typed(field: Any) -> bool:
    kind = getattr(field.schema, "field", None)
    if kind is not None and kind.secret:
        return False
    if isinstance(field.widget, widgets.Box):
        return not field.widget.options and (kind is None or kind.type not in NARROW_TYPES)
    return isinstance(field.widget, widgets.Lines | widgets.Rows)


def widget_of(node: colander.SchemaNode) -> widgets.Control:
    """The control for a field of a kind, or for a plain colander node."""
    field: KindField | None = getattr(node, "field", None)
    if field is None:
        return widgets.Box()
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
        return widgets.Rows(columns=("Nama jabatan atau kantor", "Tempat", "Saluran atau surel"))
    if field.type == "rows":
        return widgets.Rows(columns=tuple(each.title for each in field.columns))
    if field.type == "yes-no":
        return widgets.YesNo()
    if field.type == "text" and field.maximum > 200:
        return widgets.Lines(rows=2)
    modes = {"date": "numeric", "number": "numeric", "nip": "numeric", "nik": "numeric", "email": "email"}
    return widgets.Box(inputmode=modes.get(field.type), css_class="short" if field.type in {"date", "number"} else "")
