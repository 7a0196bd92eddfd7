import pytest

from s4jr.tables.named_address import split_address


@pytest.mark.parametrize(
    ("cell", "split"),
    [
        ("ana@mailbox.example", ("", "ana@mailbox.example")),
        (" Ana Madeup <ana@mailbox.example> ", ("Ana Madeup", "ana@mailbox.example")),
        ('"Madeup, Ana" <ana@mailbox.example>', ("Madeup, Ana", "ana@mailbox.example")),
        ("<ana@mailbox.example>", ("", "ana@mailbox.example")),
        ("Ana <mailto:ana@mailbox.example>", ("Ana", "ana@mailbox.example")),
        ("Ana <a@mailbox.example>, Oda <o@mailbox.example>", ("", "Ana <a@mailbox.example>, Oda <o@mailbox.example>")),
        ("Ana", ("", "Ana")),
        ("", ("", "")),
    ],
)  # fmt: skip
def test_a_cell_with_a_name_is_split(cell, split):
    assert split_address(cell) == split
