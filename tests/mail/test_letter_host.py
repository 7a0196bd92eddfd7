"""The neutral host answers only what letters need."""

import pytest

from s4jr.mail.letters import unsubscribe_token


@pytest.fixture
def quiet(settings):
    settings.SITE_URL = "https://site.example"
    settings.LETTER_URL = "https://quiet.example"
    settings.ALLOWED_HOSTS = ["site.example", "quiet.example"]
    return {"HTTP_HOST": "quiet.example"}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/join/confirm/x/", "/fr/my-details/x/", "/exit/"])
def test_what_a_letter_leads_to_answers_there(client, quiet, path):
    assert client.get(path, **quiet).status_code in (303, 410)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/contact/answer/", "/representatives/answer/", "/desk/renew/x/", "/meetings/coming/", "/meetings/in/x/"]
)
def test_so_do_answers_renewals_and_evenings(client, quiet, path):
    assert client.get(path, **quiet).content != b"Nothing here.\n"


@pytest.mark.django_db
def test_letters_can_be_stopped_there(client, quiet):
    assert client.get(f"/unsubscribe/{unsubscribe_token('index')}/", **quiet).status_code == 200


@pytest.mark.parametrize("path", ["/", "/join/", "/why/", "/manage/", "/account/login/", "/fr/", "/my-detailsx/"])
def test_everything_else_is_nowhere_there_and_names_nobody(client, quiet, path):
    answer = client.get(path, **quiet)
    assert (answer.status_code, answer.content) == (404, b"Nothing here.\n")


@pytest.mark.django_db
def test_the_site_itself_answers_everything(client, quiet):
    assert client.get("/why/", HTTP_HOST="site.example").status_code == 200
