from queue import Empty

import pytest

from s4jr.celery import app
from s4jr.file_broker import Transport


@pytest.fixture
def channel(tmp_path):
    options = {name: str(tmp_path) for name in ("data_folder_in", "data_folder_out", "control_folder")}
    with app.connection_for_write("filesystem://", transport_options=options) as connection:
        assert isinstance(connection.transport, Transport)
        yield connection.channel()


def test_a_message_is_read_as_it_was_written(channel):
    channel._put("emails", {"body": "look"})
    assert channel._get("emails") == {"body": "look"}


def test_a_file_that_is_not_complete_is_skipped_and_stops_no_worker(channel, tmp_path):
    (tmp_path / "1_half.emails.msg").write_text("")
    with pytest.raises(Empty):
        channel._get("emails")
    channel._put("emails", {"body": "look"})
    assert channel._get("emails") == {"body": "look"}
