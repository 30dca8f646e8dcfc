"""Tables: CSV as Belgian offices save it and XLSX, read within limits and written so that no cell becomes a formula."""

import csv
import io
import math
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal

import python_calamine
import xlsxwriter  # type: ignore[import-untyped]

from matching.flat import EXAMPLES, KindOfFile
from matching.records import DataError, Problem

Cell = str | int | float | bool | date | None
FORMATS: Final = "CSV, XLSX"
DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
"""First characters that make a spreadsheet run a cell of a CSV file."""

ROWS_OF_SHEET: Final = 1_000_000
"""Rows under the header of one sheet; a spreadsheet holds 1,048,576."""

_PARTS: Final = 2_000
_CHUNK: Final = 1 << 20
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
_CELL_AT = re.compile(rb"""<(?:\w+:)?c\b[^>]{0,300}?\br\s*=\s*["']([A-Za-z]{1,3})(\d{1,9})["']""")
_ROW_AT = re.compile(rb"""<(?:\w+:)?row\b([^>]{0,300}?)\br\s*=\s*["'](\d{1,9})["']([^>]{0,300})>""")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: column names, and rows as (number, cells), with no cells where the row cannot be read."""

    columns: tuple[str, ...]
    rows: Iterator[tuple[int, list[Cell] | None]]


def looks_like_xlsx(data: bytes) -> bool:
    """Whether bytes begin as a ZIP archive does."""
    return data.startswith(b"PK\x03\x04")


def read_csv(data: bytes, max_rows: int, max_columns: int) -> Sheet:
    """Read CSV: ``;``, comma or tab between cells, UTF-8 (with or without BOM) or else cp1252.

    Raises
    ------
    DataError
        The file or its header cannot be read.
    """
    text = _decoded(data)
    first = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=_outside_quotes(first).count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = next(reader, [])
    except csv.Error:
        raise _unreadable("row 1") from None
    columns = _header(header, max_columns)
    return Sheet(columns, _csv_rows(reader, len(columns), max_rows))


def _csv_rows(reader: Iterator[list[str]], width: int, max_rows: int) -> Iterator[tuple[int, list[Cell] | None]]:
    """Rows under the header, without the blank ones."""
    number = 1
    while True:
        number += 1
        if number > max_rows + 1:
            raise _too_many(max_rows)
        try:
            cells = next(reader, None)
        except csv.Error:
            yield number, None
            continue
        if cells is None:
            return
        while len(cells) > width and not cells[-1].strip():
            cells.pop()
        if any(cell.strip() for cell in cells):
            yield number, [_unescaped(cell) for cell in cells]


def _decoded(data: bytes) -> str:
    """Text of a CSV file."""
    if b"\0" in data or not data.strip():
        raise _unreadable("file")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DataError([Problem("not_utf8", "file", "", None, "UTF-8, cp1252")])


def _outside_quotes(line: str) -> str:
    """Give a line without its quoted parts."""
    return re.sub(r'"[^"]*"', "", line)


def _header(cells: Sequence[object], max_columns: int) -> tuple[str, ...]:
    """Names of columns, without the empty ones at the end.

    Raises
    ------
    DataError
        No name, too many, one without text, or one that comes twice.
    """
    names = ["" if cell is None else str(cell).strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise _unreadable("row 1")
    if len(names) > max_columns:
        raise DataError([Problem("too_large", "row 1", "", f"{len(names)} columns", f"{max_columns} columns")])
    problems = [Problem("missing", "row 1", f"column {at}", None, "text") for at, name in enumerate(names, 1) if not name]
    twice = sorted({name for name in names if name and names.count(name) > 1})
    problems += [Problem("duplicate_key", "row 1", name[:60], None, "once") for name in twice]
    if problems:
        raise DataError(problems)
    return tuple(names)


def _unescaped(cell: str) -> str:
    """Take away the apostrophe that `write_rows` put before a dangerous first character."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(DANGEROUS) else cell


def _escaped(cell: str) -> str:
    """Put an apostrophe before a dangerous first character, so that `_unescaped` gives the cell back."""
    return "'" + cell if cell.lstrip("'").startswith(DANGEROUS) else cell


def read_xlsx(data: bytes, max_unpacked: int, max_rows: int, max_columns: int) -> Sheet:
    """Read the first sheet of an XLSX file, after measuring what it unpacks to and how far its cells reach.

    Raises
    ------
    DataError
        Not an XLSX file, or larger than the limits in bytes, rows or columns.
    """
    _measure(data, max_unpacked, max_rows + 1, max_columns)
    try:
        with python_calamine.load_workbook(io.BytesIO(data)) as book:
            table = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # a panic in the reader is no `Exception`, and a hostile file must not end the process
        raise _unreadable("file") from None
    if not table:
        raise _unreadable("file")
    columns = _header(table[0], max_columns)
    return Sheet(columns, _xlsx_rows(table, len(columns)))


def _xlsx_rows(table: Sequence[Sequence[object]], width: int) -> Iterator[tuple[int, list[Cell] | None]]:
    """Rows under the header, without the blank ones and without the empty cells beyond the header."""
    for number, cells in enumerate(table[1:], start=2):
        kept = [cell if isinstance(cell, str | int | float | bool | date) else str(cell) for cell in cells]
        while len(kept) > width and kept[-1] == "":
            kept.pop()
        if any(cell != "" for cell in kept):
            yield number, list(kept)


def _measure(data: bytes, max_unpacked: int, max_rows: int, max_columns: int) -> None:
    """Refuse an archive that is no workbook or that unpacks to more than the limits; reads every part to its end.

    A single cell far to the right and below makes a reader reserve the whole rectangle, so references are measured too.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            names = {part.filename.lower() for part in parts}
            if "[content_types].xml" not in names or "xl/workbook.xml" not in names:
                raise _unreadable("file")
            if len(parts) > _PARTS or sum(part.file_size for part in parts) > max_unpacked:
                raise DataError([Problem("too_large", "file", "", None, f"{max_unpacked} B")])
            for part in parts:
                _measure_part(archive, part, max_rows, max_columns)
    # What the zip reader raises for a damaged, encrypted or cut file, or one packed in a way it does not know.
    except (zipfile.BadZipFile, RuntimeError, EOFError, OSError, ValueError, zlib.error):
        raise _unreadable("file") from None


def _measure_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, max_rows: int, max_columns: int) -> None:
    """Read one part to its end (its declared size is then true) and measure the rectangle of its cells.

    A sheet may have any name inside the archive; what makes a part one is its ``sheetData``.
    """
    rest = b""
    is_sheet = False
    seen_rows = seen_cells = 0
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            text = rest + chunk
            cut = max(text.rfind(b"<"), 0)  # a tag that this chunk may hold only half of waits for the next one
            text, rest = text[:cut], text[cut:]
            is_sheet = is_sheet or b"sheetData" in text
            if not is_sheet:
                rest = rest[:_CHUNK]
                continue
            farthest, widest = _reach(text)
            first, *more = _ROW.split(text)
            seen_rows += len(more)
            counts = [seen_cells + len(_CELL.findall(first)), *(len(_CELL.findall(row)) for row in more)]
            seen_cells = counts[-1]
            if max(farthest, seen_rows) > max_rows:
                raise _too_many(max_rows - 1)
            if max(widest, *counts) > max_columns or len(rest) > _CHUNK:
                raise DataError([Problem("too_large", "file", "", f"> {max_columns} columns", f"{max_columns} columns")])


def _reach(xml: bytes) -> tuple[int, int]:
    """Give the last row and the last column that cells name; 0 where they name none."""
    cells = _CELL_AT.findall(xml)
    rows = [int(row) for _, row in cells]
    rows += [int(row) for _, row, after in _ROW_AT.findall(xml) if not after.endswith(b"/")]
    columns = {letters.upper() for letters, _ in cells}
    return max(rows, default=0), max(map(_column_number, columns), default=0)


def _column_number(letters: bytes) -> int:
    """Give the number of a column from its letters: A is 1."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _unreadable(record: str) -> DataError:
    """Error for a file that cannot be read at all."""
    return DataError([Problem("bad_file", record, "", None, FORMATS)])


def _too_many(max_rows: int) -> DataError:
    """Error for a file with too many rows."""
    return DataError([Problem("too_large", "file", "", f"> {max_rows} rows", f"{max_rows} rows")])


def write_rows(
    out: str | Path | BinaryIO,
    columns: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    form: Literal["csv", "xlsx"],
    *,
    delimiter: str = ";",
    decimal: str = ",",
) -> None:
    """Write a table.

    Parameters
    ----------
    out
        A path or an open binary file.
    columns, rows
        Column names, and cells in the same order; ``None`` and NaN (unknown) become empty cells.
    form
        ``csv`` (UTF-8 with BOM; text that a spreadsheet would run gets a leading apostrophe) or ``xlsx``.
    delimiter, decimal
        CSV only; by default what Belgian spreadsheets expect.
    """
    if isinstance(out, str | Path):
        with Path(out).open("wb") as file:
            write_rows(file, columns, rows, form, delimiter=delimiter, decimal=decimal)
    elif form == "xlsx":
        _write_xlsx(out, columns, rows)
    else:
        text = io.StringIO(newline="")
        writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
        writer.writerow([_escaped(column) for column in columns])
        writer.writerows([_csv_cell(cell, decimal) for cell in row] for row in rows)
        out.write(text.getvalue().encode("utf-8-sig"))


def _csv_cell(cell: Cell, decimal: str) -> str:
    """Text of one CSV cell."""
    if cell is None or (isinstance(cell, float) and not math.isfinite(cell)):
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return repr(cell).replace(".", decimal)
    return cell.isoformat() if isinstance(cell, date) else str(cell) if isinstance(cell, int) else _escaped(cell)


def _write_xlsx(out: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write a book of one sheet."""
    write_book(out, {"Sheet1": (columns, rows)})


def write_book(
    out: str | Path | BinaryIO, sheets: Mapping[str, tuple[Sequence[str], Iterable[Sequence[Cell]]]], day: date | None = None
) -> None:
    """Write an XLSX file of several sheets, by name: column names, bold and frozen, and rows; no cell becomes a formula.

    Rows beyond what a sheet can hold go on in further sheets. ``day`` is written as the day of creation, so that the same
    content gives the same bytes.
    """
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(str(out) if isinstance(out, Path) else out, options) as book:
        if day is not None:
            book.set_properties({"created": datetime(day.year, day.month, day.day)})
        dates, bold = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"bold": True})
        for name, (columns, rows) in sheets.items():
            left, part = iter(rows), 1
            while True:
                sheet = book.add_worksheet(name if part == 1 else f"{name} {part}")
                sheet.freeze_panes(1, 0)
                for column, title in enumerate(columns):
                    sheet.write_string(0, column, title, bold)
                number = 0
                for number, row in enumerate(islice(left, ROWS_OF_SHEET), start=1):
                    _write_row(sheet, number, row, dates)
                if number < ROWS_OF_SHEET:
                    break
                part += 1


def _write_row(sheet: Any, number: int, row: Sequence[Cell], dates: Any) -> None:
    for column, cell in enumerate(row):
        if cell is None or (isinstance(cell, float) and not math.isfinite(cell)):
            continue
        if isinstance(cell, bool):
            sheet.write_boolean(number, column, cell)
        elif isinstance(cell, int | float) and abs(cell) < 2**53:
            sheet.write_number(number, column, cell)
        elif isinstance(cell, date):
            sheet.write_datetime(number, column, _naive(cell), dates)
        else:
            sheet.write_string(number, column, str(cell)[:32_767])  # the most that a cell can hold


def _naive(day: date) -> date:
    """Give a date or time as a spreadsheet holds it: without time zone."""
    return day.replace(tzinfo=None) if isinstance(day, datetime) else day


def write_template(kind: KindOfFile, path: str | Path) -> None:
    """Write an empty table to fill in, with one example row that reads back; CSV or XLSX by the ending of ``path``."""
    form: Literal["csv", "xlsx"] = "xlsx" if str(path).lower().endswith(".xlsx") else "csv"
    example = EXAMPLES[kind]
    write_rows(path, list(example), [list(example.values())], form)
