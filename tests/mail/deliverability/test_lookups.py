"""DNS lookups against a real server: an answer, an empty one, or CouldNotLook; never longer than they may take."""

import pytest

from s4jr.mail.deliverability.lookups import MOST_QUERIES, CouldNotLook, Lookups
from tests.servers.dns import SERVFAIL, SILENCE


@pytest.fixture
def lookups(dns_server):
    return Lookups(5, dns_server.where)


def test_the_strings_of_a_text_record_belong_together(dns_server, lookups):
    dns_server.records = {"emails.example TXT": [("v=spf1 ip4:192.0.", "2.1 -all"), "another"]}
    assert sorted(lookups.texts("emails.example")) == ["another", "v=spf1 ip4:192.0.2.1 -all"]


def test_an_answer_too_large_for_udp_comes_over_tcp(dns_server, lookups):
    texts = [f"{number} " + "x" * 3000 for number in range(10)]
    dns_server.records = {"emails.example TXT": texts}
    assert sorted(lookups.texts("emails.example")) == texts
    assert dns_server.queries == ["emails.example TXT"] * 2


def test_an_alias_is_followed(dns_server, lookups):
    dns_server.records = {
        "s1.emails.example CNAME": ["s1.provider.example"],
        "s1.provider.example CNAME": ["keys.example"],
        "keys.example TXT": ["p=abc"],
    }
    assert lookups.texts("s1.emails.example") == ["p=abc"]


def test_text_that_is_not_utf_8_is_no_error(dns_server, lookups):
    dns_server.records = {"emails.example TXT": [("\\255 v=spf1",)]}
    assert len(lookups.texts("emails.example")) == 1


def test_names_that_do_not_exist_have_no_records(dns_server, lookups):
    dns_server.records = {"emails.example A": ["192.0.2.1"]}
    assert (lookups.texts("emails.example"), lookups.texts("gone.example")) == ([], [])


@pytest.mark.parametrize("name", ["a" * 64 + ".example", ".".join(["a" * 60] * 5), "a..example", "", "é" * 70, "\\999"])
def test_a_name_that_cannot_be_in_the_dns_has_no_records(lookups, name):
    assert lookups.addresses(name) == []


def test_addresses_of_both_kinds_and_reverse_names(dns_server, lookups):
    dns_server.records = {
        "mail.example A": ["192.0.2.1"],
        "mail.example AAAA": ["2001:db8::1"],
        "1.2.0.192.in-addr.arpa PTR": ["Mail.example."],
    }
    four, six = lookups.addresses("mail.example")
    assert (str(four), str(six), lookups.names(four), lookups.names(six)) == (
        "192.0.2.1", "2001:db8::1", ["mail.example"], []
    )  # fmt: skip


def test_mail_servers_come_in_the_order_of_their_preference(dns_server, lookups):
    dns_server.records = {"emails.example MX": ["20 two.example.", "10 one.example."]}
    assert lookups.mail_servers("emails.example") == ["one.example.", "two.example."]


def test_a_failing_server_says_nothing(dns_server, lookups):
    dns_server.records = {"emails.example": SERVFAIL}
    with pytest.raises(CouldNotLook, match=r"^emails\.example$"):
        lookups.texts("emails.example")


def test_a_loop_of_aliases_ends(dns_server, lookups):
    dns_server.records = {"one.example CNAME": ["two.example"], "two.example CNAME": ["one.example"]}
    with pytest.raises(CouldNotLook):
        lookups.texts("one.example")


def test_a_server_that_says_nothing_is_not_waited_for(dns_server):
    dns_server.records = {"slow.example": SILENCE}
    with pytest.raises(CouldNotLook):
        Lookups(0.3, dns_server.where).texts("slow.example")


def test_once_the_time_is_over_nothing_is_asked(dns_server):
    with pytest.raises(CouldNotLook):
        Lookups(0, dns_server.where).texts("emails.example")
    assert dns_server.queries == []


def test_a_network_in_which_no_name_exists_leads_nowhere(dns_server, lookups):
    dns_server.is_closed = True
    for name in ("emails.example", "example"):
        with pytest.raises(CouldNotLook):
            lookups.texts(name)


def test_a_machine_that_is_offline_could_not_look():
    with pytest.raises(CouldNotLook):
        Lookups(1, "127.0.0.1:1").texts("emails.example")


def test_the_same_lookup_asks_once(dns_server, lookups):
    assert [lookups.texts("emails.example") for _ in range(3)] == [[]] * 3
    assert dns_server.queries == ["emails.example TXT"]


def test_one_check_asks_only_so_often(dns_server):
    lookups = Lookups(60, dns_server.where)
    for number in range(MOST_QUERIES):
        lookups.texts(f"{number}.example")
    with pytest.raises(CouldNotLook):
        lookups.texts("another.example")
    assert len(dns_server.queries) == MOST_QUERIES


def test_after_two_failures_and_no_answer_nothing_more_is_asked(dns_server, lookups):
    names = [f"{number}.example" for number in range(5)]
    dns_server.records = dict.fromkeys(names, SERVFAIL)
    for name in names:
        with pytest.raises(CouldNotLook):
            lookups.texts(name)
    assert {query.split()[0] for query in dns_server.queries} == {"0.example", "1.example"}


def test_one_answer_shows_that_failures_are_about_their_names(dns_server, lookups):
    dns_server.records = {"good.example TXT": ["x"], **dict.fromkeys(["a.example", "b.example", "c.example"], SERVFAIL)}
    lookups.texts("good.example")
    for name in ("a.example", "b.example", "c.example"):
        with pytest.raises(CouldNotLook):
            lookups.texts(name)
    assert lookups.texts("gone.example") == []
