"""The picture of a flow: well-formed, complete, escaped, without style of its own, the same each time."""

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from intranet_surat.workflow.draw import draw
from intranet_surat.workflow.loader import load
from intranet_surat.workflow.model import Flow

SVG = "{http://www.w3.org/2000/svg}"
FLOWS = Path(__file__).parent / "flows"


def flow(name="masuk.yaml", *swaps):
    text = (FLOWS / name).read_text()
    for old, new in swaps:
        assert old in text
        text = text.replace(old, new)
    return load(text, name)


def picture(value: Flow, counts=None, medians=None):
    return ET.fromstring(draw(value, counts, medians))


def texts(root):
    return ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]


def boxes(root):
    """The boxes of states: neither frames of tracks nor escalations."""
    rects = [rect for rect in root.iter(f"{SVG}rect") if rect.get("class") not in ("track", "late")]
    return [tuple(float(rect.get(key)) for key in ("x", "y", "width", "height")) for rect in rects]


@pytest.mark.parametrize("name", ["masuk.yaml", "keluar.yaml"])
def test_every_state_has_one_box_and_every_way_its_title(name):
    value = flow(name)
    root = picture(value)
    tracks = [state for track in value.tracks.values() for state in track.states.values()]
    assert len(boxes(root)) == len(value.states) + len(tracks)
    for state in (*value.states.values(), *tracks):
        for action in state.actions.values():
            assert any(action.title in text for text in texts(root))


def test_title_and_description_name_the_flow_and_its_states():
    root = picture(flow())
    assert root.find(f"{SVG}title").text == "Surat masuk untuk uji"
    assert "Menunggu disposisi" in root.find(f"{SVG}desc").text
    named = {one.get("id") for one in root if one.get("id")}
    assert set(root.get("aria-labelledby").split()) <= named


def test_a_track_is_a_group_of_its_own_with_its_name():
    root = picture(flow())
    assert len([group for group in root.iter(f"{SVG}g") if group.get("class") == "machine"]) == 2
    assert "Jalur disposisi" in texts(root)


def test_who_acts_stands_in_the_box():
    shown = texts(picture(flow("keluar.yaml")))
    assert "otomatis" in shown
    assert any(text.startswith("tanda tangan: penandatangan") for text in shown)
    assert "tata usaha" in shown


def test_expressions_of_the_cast_are_said_in_indonesian():
    shown = " ".join(texts(picture(flow("keluar.yaml"))))
    assert "atasan pembuat surat sampai di bawah penandatangan" in shown
    assert "superiors" not in shown


def test_a_long_title_is_wrapped_and_stays_a_title():
    root = picture(
        flow(
            "masuk.yaml",
            (
                "  selesai:\n    actions",
                "  selesai:\n    title: Selesai ditindaklanjuti dan menunggu diberkaskan\n    actions",
            ),
        )
    )
    bold = ["".join(text.itertext()) for text in root.iter(f"{SVG}text") if text.get("class") == "nm"]
    assert "Selesai ditindaklanjuti dan" in bold
    assert "menunggu diberkaskan" in bold


def test_a_flow_too_large_for_lines_is_a_column_of_boxes():
    states = "".join(f"  s{n}: {{actions: {{a{n}: {{by: author, to: s{n + 1}}}}}}}\n" for n in range(199))
    text = f"flow: surat/1\nid: besar\nversion: 1\napplies_to: {{direction: masuk}}\ncalendar: k\nstates:\n{states}  s199: {{final: true}}\n"
    root = picture(load(text.replace("s0: {", "s0: {start: true, "), "besar.yaml"))
    assert len({box[0] for box in boxes(root)}) == 1
    assert len({box[1] for box in boxes(root)}) == 200


def test_look_comes_from_classes_alone():
    svg = draw(flow("keluar.yaml"))
    assert "style=" not in svg
    assert "<style" not in svg
    assert "<script" not in svg
    assert 'class="graph"' in svg


def test_final_states_and_ways_back_are_marked():
    root = picture(flow("keluar.yaml"))
    assert len([rect for rect in root.iter(f"{SVG}rect") if rect.get("class") == "end"]) == 2
    assert len([path for path in root.iter(f"{SVG}path") if path.get("class") == "soft"]) == 2  # kembalikan, tolak


def test_hostile_titles_are_only_text():
    bad = "<script>alert(1)</script>&\"'"
    value = flow(
        "masuk.yaml",
        ("title: Naikkan,", f"title: '{bad.replace(chr(39), chr(39) * 2)}',"),
        ("title: Surat masuk untuk uji", "title: </title><b>"),
    )
    svg = draw(value)
    assert "<script" not in svg
    assert "<b>" not in svg
    assert bad.split(" ", 1)[0] in "".join(texts(ET.fromstring(svg)))


def test_counts_stand_in_the_boxes_and_the_fullest_open_state_is_marked():
    root = picture(flow(), {"dicatat": 3, "menunggu_disposisi": 21, "diarsipkan": 900, "disposisi.diterima": 7})
    assert {"3 surat", "21 surat", "900 surat", "7 disposisi"} <= set(texts(root))
    assert len([rect for rect in root.iter(f"{SVG}rect") if rect.get("class") == "hot"]) == 2  # one in each machine
    assert "Menunggu disposisi 21 surat" in root.find(f"{SVG}desc").text


@pytest.mark.parametrize("name", ["masuk.yaml", "keluar.yaml"])
def test_boxes_of_one_machine_do_not_overlap_and_stay_inside_the_picture(name):
    root = picture(flow(name))
    width, height = (float(number) for number in root.get("viewBox").split()[2:])
    for group in root.iter(f"{SVG}g"):
        if group.get("class") != "machine":
            continue
        placed = boxes(group)
        for number, (x, y, w, h) in enumerate(placed):
            assert x >= -1
            assert y >= -1
            assert x + w <= width
            assert y + h <= height
            for x2, y2, w2, h2 in placed[number + 1 :]:
                assert x + w <= x2 or x2 + w2 <= x or y + h <= y2 or y2 + h2 <= y


def test_a_flow_with_a_lonely_state_is_drawn_too():
    text = "flow: surat/1\nid: satu\nversion: 1\napplies_to: {direction: masuk}\ncalendar: k\nstates: {a: {start: true, final: true}, b: {see: author}}\n"
    (left, top, _, height), (under, below, *_) = boxes(picture(load(text, "satu.yaml")))
    assert left == under
    assert below > top + height


def test_the_same_flow_gives_the_same_picture_in_every_process():
    program = f"from intranet_surat.workflow.draw import draw; from intranet_surat.workflow.loader import load; import sys; sys.stdout.write(draw(load(open({str(FLOWS / 'keluar.yaml')!r}).read(), 'k')))"
    pictures = {
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(pictures) == 1


def test_the_median_wait_stands_beside_the_count_and_a_small_count_is_a_text():
    root = picture(flow(), {"dicatat": "<5", "menunggu_disposisi": 21}, {"menunggu_disposisi": "1,4 hari kerja"})
    assert {"<5 surat", "21 surat, 1,4 hari kerja"} <= set(texts(root))
    assert "Menunggu disposisi 21 surat, 1,4 hari kerja" in root.find(f"{SVG}desc").text
    assert [rect for rect in root.iter(f"{SVG}rect") if rect.get("class") == "hot"]


def test_an_escalation_is_a_dashed_box_beside_its_state_and_the_limit_stands_inside():
    value = load((FLOWS / "lengkap.yaml").read_text(), "lengkap.yaml")
    root = picture(value)
    late = [rect for rect in root.iter(f"{SVG}rect") if rect.get("class") == "late"]
    assert len(late) == 2
    assert all(rect.get("stroke-dasharray") for rect in late)
    shown = " ".join(texts(root))
    assert "lewat batas 1 hari kerja" in shown
    assert "atasan pembuat surat diberi tahu" in shown
    assert "tata usaha mengambil alih" in shown
    assert "batas 4 jam kerja tiap tingkat" in shown


def test_each_tier_of_initials_is_told_with_how_many_must_give_them():
    shown = texts(picture(load((FLOWS / "lengkap.yaml").read_text(), "lengkap.yaml")))
    assert any(line.startswith("paraf 1: atasan pembuat surat") for line in shown)
    assert any(line.startswith("paraf 2: pemegang peran") for line in shown)


def test_the_frame_of_a_track_holds_all_its_boxes():
    root = picture(flow())
    (frame,) = [rect for rect in root.iter(f"{SVG}rect") if rect.get("class") == "track"]
    left, top = float(frame.get("x")), float(frame.get("y"))
    width, height = float(frame.get("width")), float(frame.get("height"))
    group = [each for each in root.iter(f"{SVG}g") if each.get("class") == "machine"][1]
    x0, y0 = (float(number) for number in group.get("transform")[10:-1].split())
    for x, y, w, h in boxes(group):
        assert left <= x0 + x
        assert x0 + x + w <= left + width
        assert top <= y0 + y
        assert y0 + y + h <= top + height


def test_the_picture_has_its_own_size_so_that_a_narrow_page_scrolls_instead_of_shrinking_it():
    root = picture(flow())
    assert root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"


@pytest.mark.parametrize("name", ["semua", "periksa"])
def test_the_picture_of_a_flow_is_drawn_as_approved(name, approved):
    value = load((FLOWS / f"{name}.yaml").read_text("utf-8"), f"{name}.yaml")
    first = [name for name, state in value.states.items() if not state.final][:4]
    inside = [f"{track.name}.{state}" for track in value.tracks.values() for state in track.states]
    counts = dict(zip([*first, *inside], ["<5", 7, 7, 0, 3, "<5", 12, 12, 1], strict=False))
    medians = dict.fromkeys([*first[1:], *inside[:2], *value.states], "2 hari kerja")
    approved(f"picture_{name}.svg", draw(value, counts, medians).replace("><", ">\n<").splitlines())
