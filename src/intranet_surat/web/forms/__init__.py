"""Forms: colander decides what is right, deform holds what was typed, our own templates draw it.

``web.forms.building`` makes forms, ``web.forms.widgets`` are the controls. Pages use:

    form = form_from_flow(request, offer.form, choices, title=offer.title)
    values = submitted(form, request.POST)      # None: the form now shows what is wrong
    {{ form.render() }}                         # in the template
"""

from __future__ import annotations

from intranet_surat.web.forms.building import fail, form_from_flow, form_from_kind, make_form, submitted, wants_row
from intranet_surat.web.forms.widgets import Chosen

__all__ = ["Chosen", "fail", "form_from_flow", "form_from_kind", "make_form", "submitted", "wants_row"]
