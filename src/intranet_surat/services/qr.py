"""QR codes: of the public address of a letter, and of the code on a print that is signed with ink."""

from __future__ import annotations

import io

import segno


def svg(content: str) -> str:
    """The code as an SVG picture of its own size, black on white, with the quiet zone of four modules."""
    out = io.BytesIO()
    _make(content).save(out, kind="svg", border=4, xmldecl=False, svgns=True, nl=False, light="#fff")
    return out.getvalue().decode("ascii")


def png(content: str, *, scale: int = 4) -> bytes:
    """The code as a PNG picture."""
    out = io.BytesIO()
    _make(content).save(out, kind="png", border=4, scale=scale)
    return out.getvalue()


def _make(content: str) -> segno.QRCode:
    if not content:
        raise ValueError("a QR code needs content")
    return segno.make(content, error="m", micro=False, boost_error=True)
