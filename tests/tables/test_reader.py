"""A table is found wherever its header is among the first 20 lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s4jr.tables.decoding import UnreadableTableError
from s4jr.tables.reader import MOST_ROWS, Row, read_table

TITLES = {"name", "email", "city"}
PLAIN = "name,email\nIda,ida@mailbox.example\n"


def score(cells):
    known = [cell.strip() in TITLES for cell in cells]
    return sum(known) if "email" in cells else 0


def read(text):
    return read_table(text, score, no_header="No header.")


def test_a_plain_table_is_read():
    table = read(PLAIN)
    assert (table.header, table.header_row) == (["name", "email"], 1)
    assert table.rows == [Row(2, ["Ida", "ida@mailbox.example"])]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_usual_delimiter_is_read(delimiter):
    assert read(PLAIN.replace(",", delimiter)).rows == [Row(2, ["Ida", "ida@mailbox.example"])]


@pytest.mark.parametrize("line", ["sep=;\n", "SEP=;\r\n", '"sep=;"\n', "sep=;;;\n"])
def test_the_line_that_tells_excel_the_delimiter_is_no_row(line):
    table = read(line + "name;email\nIda, the first;ida@mailbox.example\n")
    assert (table.header_row, table.rows) == (1, [Row(2, ["Ida, the first", "ida@mailbox.example"])])


def test_titles_above_the_header_are_left_out_and_rows_keep_their_numbers():
    table = read("Our list\n\nMade on,Monday\n" + PLAIN)
    assert (table.header_row, table.rows[0].number) == (4, 5)


def test_the_row_with_the_most_known_titles_is_the_header():
    table = read("About,email\nname,email,city\nIda,ida@mailbox.example,Toronto\n")
    assert table.header == ["name", "email", "city"]


@pytest.mark.parametrize(("above", "is_found"), [(19, True), (20, False)])
def test_it_is_among_the_first_twenty_rows(above, is_found):
    text = "title\n" * above + PLAIN
    if is_found:
        assert read(text).header_row == 20
    else:
        with pytest.raises(UnreadableTableError, match=r"No header."):
            read(text)


def test_blank_rows_are_left_out_and_multiline_cells_are_one():
    table = read('name,email\n,\n"Ida\nMadeup",ida@mailbox.example\n \nOda,oda@mailbox.example\n')
    assert [(row.number, row.cell(0)) for row in table.rows] == [(3, "Ida\nMadeup"), (5, "Oda")]


def test_a_short_row_has_empty_cells():
    assert read("name,email\nIda\n").rows[0].cell(1) == ""


def test_the_cells_of_a_column_come_without_blank_ones():
    assert list(read("name,email\nIda,a@b.example\n,b@b.example\n").column(0)) == ["Ida"]


def test_the_apostrophe_before_a_formula_goes():
    assert read("name,email\n'=Ida,ida@mailbox.example\n").rows[0].cell(0) == "=Ida"


def test_too_many_rows_are_refused():
    with pytest.raises(UnreadableTableError, match=r"at most 5,000 lines"):
        read("email\n" + "a\n" * (MOST_ROWS + 1))


@pytest.mark.parametrize("text", ["", "\n", '"', "just words", "name\nIda\n", '"' + "a" * 200_000])
def test_without_a_header_it_says_so(text):
    with pytest.raises(UnreadableTableError, match=r"No header."):
        read(text)


def test_a_cell_that_never_ends_is_refused():
    with pytest.raises(UnreadableTableError, match=r"We can’t read this file."):
        read(PLAIN * 20 + '"' + "a" * 200_000)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=200))
def test_any_content_is_read(text):
    numbers = [row.number for row in read(f"email,name,city,x\n{text}").rows]
    assert numbers == sorted(set(numbers))
