"""The exception views: each hands over to the one error builder."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pyramid.exceptions import BadCSRFToken
from pyramid.httpexceptions import HTTPException, HTTPForbidden
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import exception_view_config, forbidden_view_config, notfound_view_config

from intranet_surat.errors import SuratError, Unknown
from intranet_surat.resources.letter import Letter
from intranet_surat.web import carried_form, errors, turn_words


@notfound_view_config(in_surat=True)
def not_found(_exc: Exception, request: Request) -> Response:
    """Nothing stands at this address."""
    return errors.missing(request)


@exception_view_config(context=Unknown, in_surat=True)
def unknown(_exc: Exception, request: Request) -> Response:
    """Something may stand here, but not for this reader: the same answer, unless it was taken from his hands."""
    return withdrawn(request) or errors.missing(request)


@forbidden_view_config(in_surat=True)
def forbidden(exc: HTTPForbidden, request: Request) -> Response:
    """Who may not know gets the answer for what is not there; who may, gets the reason."""
    if request.reader is None or not request.has_permission("view", reached(request)):
        return withdrawn(request) or errors.missing(request)
    return errors.respond(request, exc)


@exception_view_config(context=SuratError, in_surat=True)
def refused(exc: SuratError, request: Request) -> Response:
    """A refusal with its own sentence."""
    return errors.respond(request, exc)


@exception_view_config(context=BadCSRFToken, in_surat=True)
def stale(exc: BadCSRFToken, request: Request) -> Response:
    """A form of an earlier session: who has come in again goes on with what was typed."""
    found = carried_form.again(request) if request.reader is not None else carried_form.door(request)
    return found or errors.respond(request, exc)


@exception_view_config(context=HTTPException, in_surat=True)
@exception_view_config(context=Exception, in_surat=True)
def failed(exc: Exception, request: Request) -> Response:
    """Anything else."""
    return errors.respond(request, exc)


def withdrawn(request: Request) -> Response | None:
    """The answer for who was to sign a file that somebody gave up meanwhile: that, what he typed, and no more."""
    here = reached(request) if request.reader is not None else None
    if not isinstance(here, Letter):
        return None
    says = turn_words.withdrawn(request.house, request.site, here, request.reader, request.now)
    return errors.answer(request, replace(errors.WITHDRAWN, message=says)) if says else None


def reached(request: Request) -> Any:
    """The resource that traversal reached; in an exception view ``context`` is the exception."""
    here = request.root
    for name in request.traversed or ():
        here = here[name]
    return here
