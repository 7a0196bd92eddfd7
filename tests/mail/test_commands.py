"""`manage.py send_mail_queue` sends emails without a broker, for cron."""

import pytest
from django.core.management import call_command

from s4jr.mail.tasks import nudge
from tests import cast


@pytest.mark.django_db(transaction=True)
def test_the_command_sends_the_queue_once_and_reports_it(smtp_sink, capsys):
    cast.written()
    call_command("send_mail_queue")
    call_command("send_mail_queue")
    assert capsys.readouterr().out == "1 sent\nnothing was due\n"
    assert len(smtp_sink.emails) == 1


def test_a_broker_outage_only_logs_a_line(redis_server, caplog):
    redis_server.kill()
    nudge()
    assert ["the email leaves with the next beat" in record.message for record in caplog.records][-1:] == [True]
