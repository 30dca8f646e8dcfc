"""Rows from files and tables to files, hostile ones included."""

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest

from matching.files import Limits, Row, load_json, read_rows, shown, write_rows, write_template
from matching.flat import EXAMPLES, unflatten
from matching.ingest import read_offer, read_outcome, read_profile
from matching.records import DataError
from matching.sheets import Cell

SMALL = Limits(file_bytes=20_000, unpacked_bytes=2_000_000, line_bytes=300, rows=5, columns=4)


def data_of(rows: list[Row]) -> list[object]:
    return [row.data for row in rows]


def codes_of(rows: list[Row]) -> list[str]:
    return [problem.code for row in rows for problem in row.problems]


def xlsx(*, rows: str = "", sheet: str = "worksheets/sheet1", extra: dict[str, bytes] | None = None) -> bytes:
    """A workbook with one sheet whose XML rows are given; parts can be added."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    types = f'<Default Extension="xml" ContentType="{kind}"/>'
    book = f'<Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/>'
    link = f'<Relationship Id="r1" Type="{office}/worksheet" Target="{sheet}.xml"/>'
    sheets = '<sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets>'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships">{book}</Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}">{sheets}</workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">{link}</Relationships>',
        f"xl/{sheet}.xml": f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>',
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
        for name, content in (extra or {}).items():
            archive.writestr(name, content)
    return made.getvalue()


def cell(at: str, text: str) -> str:
    return f'<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>'


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        (b"", ["bad_json"]),
        (b"{", ["bad_json"]),
        (b"{'id': 1}", ["bad_json"]),
        (b'{"id": 1,}', ["bad_json"]),
        (b'{"id": 1} {}', ["bad_json"]),
        (b'{"id": 01}', ["bad_json"]),
        (b'{"id": "a\x00b"}', ["bad_json"]),
        (b'{"id": "a\\u0000b"}', ["control_character"]),
        (b'{"x": NaN}', ["not_finite"]),
        (b'{"x": [Infinity, -Infinity], "y": 1e999}', ["not_finite"] * 3),
        (b'{"id": 1, "id": 2}', ["duplicate_key"]),
        (b'{"a": {"id": 1, "id": 2}, "b": NaN}', ["duplicate_key", "not_finite"]),
        (b'{"a": {"x": 1, "x": 2}, "a": 3}', ["duplicate_key", "duplicate_key"]),
        (b'{"id": "\xff\xfe"}', ["not_utf8"]),
        ('{"id": "é"}'.encode("cp1252"), ["not_utf8"]),
        ('{"id": 1}'.encode("utf-16"), ["not_utf8"]),
        (b'{"id": "\\ud800"}', ["not_utf8"]),
        (b'{"\\udfff": 1}', ["not_utf8"]),
        (b'{"n": 123456789012345678901234567890}', ["out_of_range"]),
        (b'{"n": ' + b"9" * 5_000 + b"}", ["out_of_range"]),
        (b"[" * 100_000, ["too_deep"]),
        (b"[" * 60 + b"]" * 60, ["too_deep"]),
        (b'{"a":' * 500 + b"1" + b"}" * 500, ["too_deep"]),
        (b'"' + b"x" * 1_000_000 + b'"', ["too_large"]),
    ],
)
def test_hostile_json_is_refused_with_every_problem(body: bytes, codes: list[str]) -> None:
    with pytest.raises(DataError) as caught:
        load_json(body)
    assert [problem.code for problem in caught.value.problems] == codes


def test_json_that_is_right_is_read_as_it_is() -> None:
    assert load_json(b'\xef\xbb\xbf{"a": [1, 2.5, true, null], "b": "\\ud83d\\ude00\\n"}') == {
        "a": [1, 2.5, True, None],
        "b": "\N{GRINNING FACE}\n",
    }


def test_json_problems_name_the_place() -> None:
    with pytest.raises(DataError) as caught:
        load_json(b'{"languages": [{"level": NaN}, {"code": 1, "code": 2}]}', "row 7")
    assert [(one.record, one.field) for one in caught.value.problems] == [
        ("row 7", "languages[0].level"),
        ("row 7", "languages[1].code"),
    ]


def test_many_problems_are_capped_and_the_rest_is_counted() -> None:
    with pytest.raises(DataError) as caught:
        load_json(b"[" + b"NaN," * 299 + b"NaN]")
    assert len(caught.value.problems) == 201
    assert (caught.value.problems[-1].code, caught.value.problems[-1].value) == ("more_problems", "100")  # 300 - 200


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (b"", ["bad_file"]),
        (b"  \n\n", ["bad_file"]),
        (b"id;id\n1;2\n", ["duplicate_key"]),
        (b"id;;source\n1;2;3\n", ["missing"]),
        (b"a;b;c;d;e\n1;2;3;4;5\n", ["too_large"]),
        (b"id;source\n1\n", ["ragged_row"]),
        (b"id;source\n1;2;3\n", ["ragged_row"]),
        (b'id;source\n"1"x;2\n3;4\n', ["bad_file"]),
        (b'id;source\n"1;2\n3;4\n', ["bad_file"]),
        (b"id;source\n1;a\x00b\n", ["bad_file"]),
        (b"id;source\n1;\x81\x8d\n", ["not_utf8"]),
        (b"id\n" + b"1\n" * 6, ["too_large"]),
        (b"id;text\n1;" + b"x" * 30_000, ["too_large"]),
        (b'{"id": 1}\n{"id"\n[1]\n7\n', ["bad_json", "not_an_object", "not_an_object"]),
        (b'{"id": "' + b"x" * 400 + b'"}', ["too_large"]),
        (b"{}\n" * 6, ["too_large"]),
        (b"PK\x03\x04 no archive", ["bad_file"]),
        (xlsx(rows="")[:-30], ["bad_file"]),
        (xlsx(rows=""), ["bad_file"]),
        (xlsx(rows="<row r='1'><c r='A1'><v>1</v>"), ["bad_file"]),
        (xlsx(rows=cell("A1", "id") + "</row>"), ["bad_file"]),
        (xlsx(rows=f'<row r="1">{cell("A1", "id")}</row>', extra={"xl/media/a": b"0" * 3_000_000}), ["too_large"]),
        (xlsx(rows=f'<row r="1">{cell("A1", "id")}</row><row r="9"><c r="A9"><v>1</v></c></row>'), ["too_large"]),
        (xlsx(rows=f'<row r="1">{cell("A1", "id")}{cell("XFD1", "far")}</row>'), ["too_large"]),
        (xlsx(rows=f'<row r="1">{cell("A1", "id")}{cell("XFD1", "far")}</row>', sheet="any"), ["too_large"]),
        (xlsx(rows="<row>" + "<c><v>1</v></c>" * 5 + "</row>"), ["too_large"]),
        (xlsx(rows="<row><c><v>1</v></c></row>" * 9), ["too_large"]),
        (xlsx(rows=f'<row r="1">{cell("A1", "id")}</row><row r="1048576"><c><v>1</v></c></row>'), ["too_large"]),
    ],
)
def test_hostile_files_give_problems_and_keep_what_is_good(data: bytes, codes: list[str]) -> None:
    assert codes_of(list(read_rows(data, limits=SMALL))) == codes


def test_a_workbook_without_references_is_read_in_order() -> None:
    text = '<c t="inlineStr"><is><t>{}</t></is></c>'
    made = xlsx(rows=f"<row>{text.format('id')}</row><row>{text.format('O1')}</row>")
    assert data_of(list(read_rows(made, limits=SMALL))) == [{"id": "O1"}]


def test_an_archive_that_is_no_workbook_is_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a.txt", "a")
    assert codes_of(list(read_rows(made.getvalue()))) == ["bad_file"]


def test_a_damaged_workbook_is_refused() -> None:
    good = bytearray(xlsx(rows=f'<row r="1">{cell("A1", "id")}</row>'))
    at = good.index(b"xl/worksheets/sheet1.xml") + 60
    good[at] ^= 0xFF
    assert codes_of(list(read_rows(bytes(good)))) == ["bad_file"]


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_csv_as_offices_save_it(delimiter: str, encoding: str) -> None:
    lines = [["id", "title"], ["O1", '"Société; ""X"", N\t1"'], ["", ""], ["O2", "naïef"]]
    text = "\r\n".join(delimiter.join(line) for line in lines)
    rows = list(read_rows(text.encode(encoding)))
    assert data_of(rows) == [{"id": "O1", "title": 'Société; "X", N\t1'}, {"id": "O2", "title": "naïef"}]
    assert [row.number for row in rows] == [2, 4]
    assert all(row.flat for row in rows)


def test_json_lines_keep_their_line_numbers() -> None:
    rows = list(read_rows(b'\n{"id": "1"}\r\n\n{"id": "2"}'))
    assert [(row.number, row.data, row.flat) for row in rows] == [(2, {"id": "1"}, False), (4, {"id": "2"}, False)]


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    class Fake:
        buffer = io.BytesIO(b"id\n1\n")

    monkeypatch.setattr("sys.stdin", Fake)
    assert data_of(list(read_rows("-"))) == [{"id": "1"}]


def test_a_csv_table_escapes_formulas_and_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    texts = ["=1+1", "+32", "-x", "@a", "\tt", "\rr", "'=1", "'plain", "plain"]
    write_rows(path, ["text", "n"], [[text, -1.5] for text in texts], "csv")
    written = path.read_bytes().decode("utf-8-sig")
    assert written.startswith("text;n\r\n'=1+1;-1,5\r\n'+32;-1,5\r\n")  # text gets an apostrophe, a number stays one
    assert [row.data["text"] for row in read_rows(path) if row.data] == texts


def test_an_xlsx_table_keeps_text_text_and_numbers_numbers(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    row: list[Cell] = [
        "=1+1",
        "https://example.org",
        "0123",
        -1.5,
        7,
        True,
        date(2025, 3, 1),
        None,
        float("nan"),
        "end",
    ]
    write_rows(path, [f"c{at}" for at in range(10)], [row], "xlsx")
    read = next(read_rows(path)).data
    assert read is not None
    assert list(read.values()) == [
        "=1+1",
        "https://example.org",
        "0123",
        -1.5,
        7,
        True,
        date(2025, 3, 1),
        "",
        "",
        "end",
    ]
    assert b"<f>" not in zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_templates_read_back_without_problems(tmp_path: Path, ending: str) -> None:
    for kind, read in (("profiles", read_profile), ("offers", read_offer), ("outcomes", read_outcome)):
        path = tmp_path / f"{kind}.{ending}"
        write_template(kind, path)  # type: ignore[arg-type]
        (row,) = read_rows(path)
        assert row.data is not None
        assert list(row.data) == list(EXAMPLES[kind])  # type: ignore[index]
        groups = {} if kind == "outcomes" else {"groups": ()}
        read(unflatten(row.data, kind), **groups)  # type: ignore[arg-type]


def test_what_is_shown_of_a_value_is_short_and_not_personal() -> None:
    assert [shown(value) for value in (None, False, 3, 2.5, "x" * 50, "a\x07b", "a@b.be", {"a": 1}, 10**30)] == [
        "null",
        "false",
        "3",
        "2.5",
        "x" * 39 + "…",
        "a\N{REPLACEMENT CHARACTER}b",
        None,
        None,
        None,
    ]
