"""The one place that runs typst: templates and fonts of ours, user text as JSON data, nothing else reachable."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import typst

_local = threading.local()


def compile_pdf(template: str, data: Mapping[str, Any], now: datetime) -> bytes:
    """The template filled with ``data``, as PDF/A-2b dated ``now``.

    ``template`` is a name in ``templates/pdf`` or ``package:path`` of a plugin; a plugin's template imports ours as
    ``/surat-dasar.typ``. Raises ValueError for a template that wants a package from the network, typst.TypstError for
    one that is wrong: neither is the writer's mistake.
    """
    made = _compiler().compile(
        input=_source(template),
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False, sort_keys=True)},
        pdf_standards=["a-2b"],
        timestamp=int(now.timestamp()),
    )
    if not isinstance(made, bytes):
        raise TypeError("typst answered without a file")
    return made


def _compiler() -> typst.Compiler:
    """One compiler a thread, as typst demands; system fonts and files outside our folder are out of reach."""
    made: typst.Compiler | None = getattr(_local, "compiler", None)
    if made is None:
        root = folder()
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(root / "fonts")])
        nowhere = str(root / "paket")  # no packages are shipped
        made = typst.Compiler(root=str(root), font_paths=fonts, package_path=nowhere, package_cache_path=nowhere)
        _local.compiler = made
    return made


@cache
def folder() -> Path:
    """Where our templates and fonts stand on disk."""
    return Path(str(files("intranet_surat.templates"))) / "pdf"


def has_template(template: str) -> bool:
    """Whether there is a typst file of that name."""
    try:
        return _file(template).is_file()
    except ModuleNotFoundError:
        return False


def _file(template: str) -> Traversable:
    package, colon, path = template.rpartition(":")
    return files(package) / path if colon else folder() / f"{template}.typ"


@cache
def _source(template: str) -> bytes:
    found = _file(template).read_bytes()
    if b"@preview" in found:
        raise ValueError(f"template {template!r} wants a package from the network")
    return found
