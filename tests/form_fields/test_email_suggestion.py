"""A form suggests the nearest large provider for a typo in the domain of an address, and never refuses the address."""

import pytest

from s4jr.form_fields.email_suggestion import PROVIDERS, suggest_email


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("gmial.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gmail.co", "gmail.com"),
        ("gmai.com", "gmail.com"),
        ("gnail.com", "gmail.com"),
        ("GMIAL.COM", "gmail.com"),
        ("hotmial.com", "hotmail.com"),
        ("hotmai.com", "hotmail.com"),
        ("hotnail.com", "hotmail.com"),
        ("yaho.com", "yahoo.com"),
        ("yahooo.com", "yahoo.com"),
        ("yhaoo.com", "yahoo.com"),
        ("outlok.com", "outlook.com"),
        ("outloook.com", "outlook.com"),
        ("iclod.com", "icloud.com"),
        ("protonmial.com", "protonmail.com"),
        ("sympatco.ca", "sympatico.ca"),
        ("videotro.ca", "videotron.ca"),
    ],
)
def test_a_common_typo_suggests_the_nearest_provider(typed, offered):
    assert suggest_email(f"Ro.Sal+x@{typed}") == f"Ro.Sal+x@{offered}"


@pytest.mark.parametrize("domain", PROVIDERS)
def test_no_provider_is_a_typo_of_another(domain):
    assert suggest_email(f"rosalind@{domain}") == ""


@pytest.mark.parametrize(
    "address",
    ["", "rosalind", "rosalind@", "@", "rosalind@mailbox.example", "r@example.org", "r@acl.com", "r@ca", "r@uottawa.ca",
     "r@mail.ru", "r@berkeley.edu", "r@exämple.com"],
)  # fmt: skip
def test_other_addresses_get_no_suggestion(address):
    assert suggest_email(address) == ""
