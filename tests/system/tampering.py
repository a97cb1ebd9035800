"""What can be done to a signed PDF by somebody who has no key: each function takes bytes and answers changed bytes."""

from __future__ import annotations

import re
from io import BytesIO

import pikepdf
from asn1crypto import cms
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader


def prepared(*, layer=False, form=False, overlay=False, pages=2):
    """A page as a forger would give it to be signed: with a layer, a text field, or a cover over its amount."""
    with pikepdf.new() as document:
        for number in range(pages):
            document.add_blank_page(page_size=(595, 842))
            content = f"BT /F1 20 Tf 72 {700 - number} Td (Bayar 100 rupiah) Tj ET".encode()
            page = document.pages[number]
            page.Contents = document.make_stream(content + (b" /Tutup Do" if overlay else b""))
            page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=_font(document)))
        first = document.pages[0]
        if overlay:
            cover = document.make_stream(b"1 1 1 rg 0 0 300 40 re f")
            cover.Type, cover.Subtype, cover.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, [0, 0, 300, 40]
            first.Resources.XObject = pikepdf.Dictionary(Tutup=document.make_indirect(cover))
            document.pages[1].Resources.XObject = first.Resources.XObject
        if layer:
            group = document.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name="Nol"))
            document.Root.OCProperties = pikepdf.Dictionary(
                OCGs=[group], D=document.make_indirect(pikepdf.Dictionary(OFF=[group]))
            )
            first.Resources.Properties = pikepdf.Dictionary(L1=group)
            first.Contents = document.make_stream(b"/OC /L1 BDC BT /F1 20 Tf 72 600 Td (000) Tj ET EMC")
        if form:
            field = pikepdf.Dictionary(
                Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx, T="jumlah", V="100",
                Rect=[72, 500, 200, 520], P=first.obj,
            )  # fmt: skip
            field.AP = pikepdf.Dictionary(N=_appearance(document, b"100"))
            held = document.make_indirect(field)
            document.Root.AcroForm = document.make_indirect(pikepdf.Dictionary(Fields=[held], DA="/F1 12 Tf"))
            first.Annots = [held]
        out = BytesIO()
        document.save(out, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue()


def _font(document):
    return document.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    )


def _appearance(document, text):
    made = document.make_stream(b"BT /F1 12 Tf (" + text + b") Tj ET")
    made.Type, made.Subtype, made.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, [0, 0, 128, 20]
    return document.make_indirect(made)


def updated(data, change):
    """``data`` with an incremental update behind it."""
    writer = IncrementalPdfFileWriter(BytesIO(data))
    change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def flipped(data, place, mask=1):
    spoiled = bytearray(data)
    spoiled[place] ^= mask
    return bytes(spoiled)


def ends(data):
    """Where each revision ends."""
    return [each.end() for each in re.finditer(rb"%%EOF\r?\n?", data)]


def signed_until(data, number):
    """The file up to where one of its signatures ends."""
    ranges = PdfFileReader(BytesIO(data)).embedded_signatures[number].byte_range
    return data[: int(ranges[2]) + int(ranges[3])]


def gap(data, number):
    """Where the hex digits of one signature stand."""
    ranges = PdfFileReader(BytesIO(data)).embedded_signatures[number].byte_range
    return int(ranges[1]) + 1, int(ranges[2]) - 1


def with_contents(data, number, der):
    """Another signature in the place of one."""
    start, end = gap(data, number)
    return data[:start] + der.hex().encode().ljust(end - start, b"0") + data[end:]


def contents(data, number):
    start, end = gap(data, number)
    padded = bytes.fromhex(data[start:end].decode())
    return cms.ContentInfo.load(padded).dump()


def without_timestamp(data, number=0):
    """The signature with its timestamp taken out; everything that it signs is as it was."""
    message = cms.ContentInfo.load(contents(data, number))
    del message["content"]["signer_infos"][0]["unsigned_attrs"]
    info = message["content"]["signer_infos"][0]
    kept = cms.SignerInfo({name: info[name] for name in info if name != "unsigned_attrs"})
    message["content"]["signer_infos"] = cms.SignerInfos([kept])
    return with_contents(data, number, message.dump(force=True))


def page_of(writer, number=0):
    return writer.root["/Pages"]["/Kids"][number]


def stamp(writer):
    """A visible stamp, as an office would put it with a PDF editor."""
    look = generic.StreamObject(
        {pdf_name("/Type"): pdf_name("/XObject"), pdf_name("/Subtype"): pdf_name("/Form"),
         pdf_name("/BBox"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 200, 80)))},
        stream_data=b"1 0 0 rg 0 0 200 80 re f",
    )  # fmt: skip
    note = generic.DictionaryObject(
        {pdf_name("/Type"): pdf_name("/Annot"), pdf_name("/Subtype"): pdf_name("/Stamp"), pdf_name("/F"): generic.NumberObject(4),
         pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (100, 100, 300, 180))),
         pdf_name("/AP"): generic.DictionaryObject({pdf_name("/N"): writer.add_object(look)})}
    )  # fmt: skip
    page = page_of(writer)
    page["/Annots"] = generic.ArrayObject([*page.get("/Annots", ()), writer.add_object(note)])
    writer.mark_update(page.container_ref)


def replaced_text(writer):
    page = page_of(writer)
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"BT /F1 20 Tf 72 700 Td (Bayar 900) Tj ET"))
    writer.mark_update(page.container_ref)


def uncovered(writer):
    """Shadow attack, hide: the cover that was there when it was signed is emptied."""
    cover = page_of(writer)["/Resources"]["/XObject"]["/Tutup"]
    cover._data = cover._encoded_data = b""
    writer.mark_update(cover.container_ref)


def refonted(writer):
    """Shadow attack, replace: the glyphs are drawn by another font."""
    font = page_of(writer)["/Resources"]["/Font"]["/F1"]
    font["/BaseFont"] = pdf_name("/ZapfDingbats")
    writer.mark_update(font.container_ref)


def other_tree(writer):
    """Shadow attack, hide and replace: a second tree of pages, hidden in the signed file, becomes the shown one."""
    tree = writer.root["/Pages"]
    kids = generic.ArrayObject([tree["/Kids"].raw_get(1)])
    new = generic.DictionaryObject(
        {pdf_name("/Type"): pdf_name("/Pages"), pdf_name("/Kids"): kids, pdf_name("/Count"): generic.NumberObject(1)}
    )
    writer.root["/Pages"] = writer.add_object(new)
    writer.update_root()


def reordered(writer):
    tree = writer.root["/Pages"]
    kids = tree["/Kids"]
    tree["/Kids"] = generic.ArrayObject([kids.raw_get(1), kids.raw_get(0)])
    writer.mark_update(tree.container_ref)


def layer_on(writer):
    shown = writer.root["/OCProperties"]["/D"]
    shown["/OFF"] = generic.ArrayObject()
    writer.mark_update(shown.container_ref)


def refilled(writer):
    field = writer.root["/AcroForm"]["/Fields"][0]
    field["/V"] = generic.TextStringObject("900")
    field["/AP"]["/N"]._data = b"BT /F1 12 Tf (900) Tj ET"
    writer.mark_update(field["/AP"].raw_get("/N").reference)
    writer.mark_update(field.container_ref)


def retitled(writer):
    info = generic.DictionaryObject({pdf_name("/Title"): generic.TextStringObject("Surat lain")})
    writer.set_info(writer.add_object(info))


def no_dss(writer):
    del writer.root["/DSS"]
    writer.update_root()


def emptied_dss(writer):
    store = writer.root["/DSS"]
    for name in ("/OCSPs", "/CRLs"):
        store.pop(name, None)
    store["/OCSPs"] = generic.ArrayObject()
    writer.root["/DSS"] = store
    writer.update_root()
    if store.container_ref is not None and getattr(store.container_ref, "idnum", 0):
        writer.mark_update(store.container_ref)


def unstamped(writer):
    """The document timestamp's field loses its value."""
    field = next(
        each for each in (held.get_object() for held in _fields(writer)) if str(each["/T"]).startswith("STEMPEL")
    )
    del field["/V"]
    writer.mark_update(field.container_ref)


def _fields(writer):
    listed = writer.root["/AcroForm"]["/Fields"]
    return [listed.raw_get(index) for index in range(len(listed))]


def value_changed(name, value):
    """Universal signature forgery: one entry of the signature is emptied in an update, so that a judge may skip it."""

    def change(writer):
        field = _fields(writer)[0].get_object()
        signature = field["/V"]
        if value is None:
            signature.pop(name, None)
        else:
            signature[name] = value
        writer.mark_update(signature.container_ref)

    return change


NOTHING = {
    "missing": None,
    "null": generic.NullObject(),
    "empty": generic.ArrayObject(),
}


def appended(data, objects):
    """Raw objects (by number) and a cross-reference table behind the file, written by hand."""
    reader = PdfFileReader(BytesIO(data))
    before = int(re.findall(rb"startxref\s+(\d+)", data)[-1])
    table = b""
    for number, body in objects.items():
        table += b"%d 1\n%010d 00000 n \n" % (number, len(data) + 1)
        data += b"\n%d 0 obj\n%s\nendobj\n" % (number, body)
    size, root = int(reader.trailer["/Size"]), reader.trailer.raw_get("/Root").idnum
    start = len(data)
    trailer = b"trailer\n<</Size %d/Root %d 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n"
    return data + b"xref\n" + table + trailer % (max(size, *objects) + 1, root, before, start)


def other_content(data):
    """The object of the first page's text, with another text."""
    number = PdfFileReader(BytesIO(data)).root["/Pages"]["/Kids"][0].raw_get("/Contents").idnum
    return {number: stream(b"BT /F1 20 Tf 72 700 Td (Bayar 900 rupiah) Tj ET")}


def stream(content):
    return b"<</Length %d>>\nstream\n%s\nendstream" % (len(content), content)


def wrapped(data):
    """Signature wrapping: a copy of the second signed range stands behind, and a rewritten signature points at it."""
    reader = PdfFileReader(BytesIO(data))
    signature = reader.embedded_signatures[0]
    _, first, second, length = (int(each) for each in signature.byte_range)
    free = int(reader.trailer["/Size"])
    before = appended(data, {free: stream(data[second:])})
    moved = before.rindex(data[second:])
    own = signature.sig_field.raw_get("/V").idnum
    rewritten = b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/Contents %s/ByteRange [0 %d %d %d]>>"
    rewritten %= (data[first:second], first, moved, length)
    return appended(data, {free: stream(data[second:]), own: rewritten, **other_content(data)})
