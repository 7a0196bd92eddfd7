"""Addresses on their way to a real mail server, with and without SMTPUTF8 (RFC 6531)."""

import pytest

from s4jr.form_fields.email import EmailAddressField
from s4jr.mail.delivery import send_what_is_due
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.transports.addresses import wire_address
from s4jr.mail.transports.errors import RefusedForGood
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)
BOTH = pytest.mark.parametrize("takes_utf8", [True, False], ids=["with SMTPUTF8", "without SMTPUTF8"])
#: Kept before forms refused it.
EARLIER = "josé@mailbox.example"


@BOTH
@pytest.mark.parametrize(
    ("typed", "recipient"),
    [
        ("ana@bücher.example", "ana@xn--bcher-kva.example"),
        ("ana@STRAßE.example", "ana@xn--strae-oqa.example"),
        ("ana@почта.рф", "ana@xn--80a1acny.xn--p1ai"),
        ("Ana.Sol+news@mailbox.example", "Ana.Sol+news@mailbox.example"),
    ],
)
def test_every_server_takes_a_domain_in_any_script(smtp_sink, takes_utf8, typed, recipient):
    smtp_sink.takes_utf8 = takes_utf8
    cast.written(to=EmailAddressField().clean(typed))
    assert send_what_is_due() == {"sent": 1}
    [delivery] = smtp_sink.deliveries
    headers = delivery.raw.partition(b"\r\n\r\n")[0]
    assert (delivery.recipients, delivery.email["to"], headers.isascii()) == ([recipient], recipient, True)


@BOTH
def test_an_earlier_address_outside_ascii_is_sent_or_fails_where_an_admin_sees_it(smtp_sink, takes_utf8):
    smtp_sink.takes_utf8 = takes_utf8
    cast.written(to=EARLIER)
    send_what_is_due()
    email = OutgoingEmail.objects.get()
    gone = [delivery.recipients for delivery in smtp_sink.deliveries]
    if takes_utf8:
        assert (email.state, gone) == ("sent", [[EARLIER]])
    else:
        assert (email.state, gone) == ("failed", [])
        assert email.last_error == "the mail server does not take addresses in this script"


def test_one_email_that_cannot_be_addressed_does_not_stop_the_next(smtp_sink):
    cast.written(to="ana@☃.example")
    cast.written(to="bo@mailbox.example")
    send_what_is_due()
    assert [delivery.recipients for delivery in smtp_sink.deliveries] == [["bo@mailbox.example"]]


@pytest.mark.parametrize(
    "address",
    ['"b@elsewhere.example"@mailbox.example', "=?utf-8?q?b?=@mailbox.example", "a b@mailbox.example", "a@☃.example"],
)
def test_an_address_that_could_be_read_as_another_is_never_sent_to(address):
    with pytest.raises(RefusedForGood):
        wire_address(address)
