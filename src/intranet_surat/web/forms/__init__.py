"""Forms: colander decides what is right, deform holds what was typed, our own templates draw it.

``web.forms.building`` makes forms, ``web.forms.widgets`` are the controls. What a letter kind asks stands in
`web.kind_form`; what a flow asks at an action is drawn by `web.asked_form` without deform.
"""

from __future__ import annotations

from intranet_surat.web.forms.building import PageForm, fail, make_form, wants_row, widget_of

__all__ = ["PageForm", "fail", "make_form", "wants_row", "widget_of"]
