"""The spellings of one address: as typed, as shown, and as mail servers and indexes have it."""

import pytest

from s4jr.email_address import address_on_wire, bare_address, one_spelling
from s4jr.idn import domain_for_people, domain_on_wire
from tests.form_fields.test_email import ROWS

KEPT = sorted({row["kept"] for row in ROWS if row["kept"]})
TYPED = sorted({row["typed"] for row in ROWS})


@pytest.mark.parametrize("change", [bare_address, one_spelling], ids=["bare", "one spelling"])
def test_what_was_changed_once_stays_as_it_is(change):
    assert [typed for typed in TYPED if change(change(typed)) != change(typed)] == []


@pytest.mark.parametrize("address", KEPT, ids=ascii)
def test_an_address_fits_on_the_wire_and_is_the_same_there(address):
    wire = address_on_wire(address)
    assert (wire.isascii(), len(wire) <= 254, one_spelling(wire)) == (True, True, one_spelling(address))


@pytest.mark.parametrize(
    ("domain", "wire", "shown"),
    [
        ("Mailbox.EXAMPLE", "mailbox.example", "mailbox.example"),
        ("STRASSE.example", "strasse.example", "strasse.example"),
        ("straße.example", "xn--strae-oqa.example", "straße.example"),
        ("STRAẞE.example", "xn--strae-oqa.example", "straße.example"),
        ("XN--STRAE-OQA.example", "xn--strae-oqa.example", "straße.example"),
        ("bu\u0308cher.example", "xn--bcher-kva.example", "bücher.example"),
        ("ςίγμας.example", "xn--kxaef0b1ae.example", "ςίγμας.example"),
        ("ex\u200dample.com", "example.com", "example.com"),
    ],
)
def test_a_domain_has_one_form_on_the_wire_and_one_for_people(domain, wire, shown):
    assert (domain_on_wire(domain), domain_for_people(domain)) == (wire, shown)


@pytest.mark.parametrize("domain", ["☃.example", "xn--a.example", "é..example", "ü" * 64, "-é.example"])
def test_a_domain_without_a_form_on_the_wire_is_an_error(domain):
    with pytest.raises(UnicodeError):
        domain_on_wire(domain)


def test_a_sharp_s_is_not_two_letters_s():
    assert one_spelling("ana@straße.example") != one_spelling("ana@strasse.example")
