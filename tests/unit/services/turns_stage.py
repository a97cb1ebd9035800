"""An official record before its signatories: two parties of two offices, and the Sekda who takes note."""

from __future__ import annotations

from signing_stage import sign

FIRST, SECOND, LAST = "kepala.dinkes", "kepala.bpkad", "sekda.setda"
THREE = (FIRST, SECOND, LAST)


def record(desk, *, three=True, **fields):
    """A record of DINKES that waits for its first signature, prepared."""
    named = {"signatory": desk.post(FIRST), "second_signatory": desk.post(SECOND)}
    if three:
        named["acknowledged_by"] = desk.post(LAST)
    made = desk.draft(FIRST, "DINKES", "berita-acara", subject="Serah terima kendaraan dinas", **named, **fields)
    desk.act(FIRST, made, "ajukan")
    desk.act("tata-usaha.dinkes", made, "lulus")
    desk.act(FIRST, made, "siapkan")
    return made


def signed_by(desk, letter, *logins, **more):
    """These sign one after the other; answers the results."""
    return [sign(desk, letter, login=each, **more) for each in logins]
