"""An official record before its signatories: two parties of two offices, and the Sekda who takes note."""

from __future__ import annotations

from signing_stage import sign

FIRST, SECOND, LAST = "kepala.dinkes", "kepala.bpkad", "sekda.setda"
THREE = (FIRST, SECOND, LAST)
CLERK = "tata-usaha.dinkes"
STATE = "ttd_bergiliran"


def checked(desk, *, second=SECOND, last=LAST, **fields):
    """A record of DINKES that waits for its parties; nothing is prepared yet."""
    named = {"signatory": desk.post(FIRST), "second_signatory": desk.post(second)}
    if last:
        named["acknowledged_by"] = desk.post(last)
    made = desk.draft(FIRST, "DINKES", "berita-acara", subject="Serah terima kendaraan dinas", **named, **fields)
    desk.act(FIRST, made, "ajukan")
    desk.act(CLERK, made, "lulus")
    return made


def record(desk, **more):
    """The same, prepared by the one who signs first."""
    made = checked(desk, **more)
    desk.act(FIRST, made, "siapkan")
    return made


def signed_by(desk, letter, *logins, **more):
    """These sign one after the other; answers the results."""
    return [sign(desk, letter, login=each, **more) for each in logins]


def fields_of(result):
    """In which fields of the file the signatures of a result stand."""
    return [each.field for each in result.verdict.signatures]
