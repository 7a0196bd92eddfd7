"""A list of chapters becomes chapters that are not open yet, and nothing of them is public."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from chapters.models import Chapter
from s4jr.audit.models import AccessLog
from s4jr.mail.models import OutgoingEmail
from tests import make
from tests.chapters.list_import.cast import CHAPTERS, REASON, confirm, reasons_in, upload
from tests.chapters.meetings.meetings import chapter

pytestmark = pytest.mark.django_db
HEADER = "name,state,country,area,languages,how often it meets,description,how to join,notes"
LINE = 'Lakeside,Ontario,Canada,The lake towns,English,Every month,"We **meet**, and talk.",Ask us.,Not for us'


@pytest.fixture
def ada(client):
    return make.signed_in_staff(client)


def bring(client, *lines, header=HEADER, **answers):
    return confirm(client, CHAPTERS, "\n".join([header, *lines]), **answers)


def preview(client, *lines, header=HEADER):
    return upload(client, CHAPTERS, "\n".join([header, *lines]))


class TestDrafts:
    def test_each_line_becomes_a_chapter_that_is_not_open(self, client, ada):
        answer = bring(client, LINE)
        assert answer["Location"] == reverse("admin:chapters_chapter_changelist")
        [made] = Chapter.objects.values(*[field.name for field in Chapter._meta.concrete_fields if field.name != "id"])
        assert {**made, "created_on": None} == {
            "slug": "lakeside",
            "name": "Lakeside",
            "status": "asked",
            "country": "CA",
            "region": "CA-ON",
            "area": "The lake towns",
            "languages": "English",
            "rhythm": "Every month",
            "words": "We **meet**, and talk.",
            "how_to_join": "Ask us.",
            "created_on": None,
        }

    def test_nothing_of_it_is_public_and_no_email_is_written(self, client, ada):
        bring(client, LINE)
        assert "Lakeside" not in client.get("/chapters/").content.decode()
        assert client.get("/chapters/lakeside/").status_code == 404
        assert OutgoingEmail.objects.count() == 0

    def test_the_preview_saves_nothing_and_shows_how_it_reads_the_list(self, client, ada):
        page = preview(client, LINE)
        words = {title: str(meaning) for title, meaning in page.context["read"].columns_in_words()}
        assert (words["how often it meets"], words["notes"]) == ("how often it meets", "not read")
        assert page.context["first_lines"][0].startswith("Lakeside · The lake towns")
        assert Chapter.objects.count() == 0

    @pytest.mark.parametrize(
        ("header", "line"),
        [
            ("nom;province;fréquence", "Bord du lac;Québec;Chaque mois"),
            ("Nombre\tEstado\tDescripción", "Bord du lac\tQuébec\tNos reunimos."),
            ("chapter|place", "Bord du lac|CA-QC"),
        ],
    )
    def test_it_reads_three_languages_and_other_separators(self, client, ada, header, line):
        bring(client, line, header=header)
        assert list(Chapter.objects.values_list("name", "region")) == [("Bord du lac", "CA-QC")]

    @pytest.mark.parametrize(
        "header",
        [
            "Name;Place;Country;Area;Languages;How often it meets;Description;How to join",
            "Nom;Lieu;Pays;Secteur;Langues;Fréquence;Description;Comment participer",
            "Nombre;Lugar;País;Zona;Idiomas;Frecuencia;Descripción;Cómo participar",
        ],
    )
    def test_the_columns_that_the_page_names_are_read_in_each_language(self, client, ada, header):
        [line] = preview(client, "Bord du lac;Québec;Canada;a;b;c;d;e", header=header).context["read"].usable
        said = {"area": "a", "languages": "b", "rhythm": "c", "words": "d", "how_to_join": "e"}
        assert line.answers == {"name": "Bord du lac", "country": "CA", "region": "CA-QC", **said}

    def test_two_chapters_with_similar_names_get_two_web_addresses(self, client, ada):
        bring(client, "Lake side,Ontario", "Lake-side,Quebec", header="name,place")
        assert sorted(Chapter.objects.values_list("slug", flat=True)) == ["lake-side", "lake-side-2"]

    def test_it_is_in_the_access_log_with_the_reason(self, client, ada):
        bring(client, LINE)
        [row] = AccessLog.objects.filter(object_kind="chapters.chapter")
        assert (row.who, row.action, row.object_id, row.reason) == (
            "ada",
            "changed",
            str(Chapter.objects.get().pk),
            REASON,
        )


class TestLinesThatCannotBeUsed:
    @pytest.mark.parametrize(
        ("line", "why"),
        [
            (",Ontario,", "The name of the chapter is missing."),
            ("Lakeside,,", "The place is missing. A country is enough."),
            ("Lakeside,Nowhere,", "We don’t know this place. Write it as Ontario, ON or CA-ON."),
            (f"{'L' * 81},Ontario,", "name: the text is longer than 80 characters."),
            (
                "Lakeside,Ontario,Write to ana@mailbox.example",
                "Leave out email addresses. People can write from this site without one.",
            ),
        ],
    )
    def test_each_has_a_reason(self, client, ada, line, why):
        assert reasons_in(preview(client, line, header="name,place,area")) == {2: why}

    def test_a_name_that_is_a_link_is_refused_as_on_the_page_of_a_chapter(self, client, ada):
        said = reasons_in(preview(client, "lakeside.example,Ontario", header="name,place"))[2]
        assert said.startswith("Leave out links.")

    def test_a_repeated_name_is_named(self, client, ada):
        said = reasons_in(preview(client, "Lakeside,Ontario", "LAKESIDE,Quebec", header="name,place"))
        assert said == {3: "Line 2 says the same."}

    def test_a_place_that_could_be_two_is_not_guessed(self, client, ada):
        said = reasons_in(preview(client, "Lakeside,Georgia USA or Georgia", header="name,place"))[2]
        assert said == "We don’t know this place. Write it as Ontario, ON or CA-ON."


def test_a_known_chapter_is_left_as_it_is(client, ada):
    riverside = chapter()
    page = client.get(bring(client, "RIVERSIDE,Quebec", "Lakeside,Ontario", header="name,place")["Location"])
    riverside.refresh_from_db()
    assert (riverside.region, Chapter.objects.count()) == ("CA-ON", 2)
    assert "1 line is about someone or something already here. Nothing changed there." in page.content.decode()
    assert "1 chapter imported. It isn’t public until you open it." in page.content.decode()


def test_an_admin_opens_an_imported_chapter(client, ada):
    bring(client, LINE)
    made = Chapter.objects.get()
    address = reverse("admin:chapters_chapter_change", args=[made.pk])
    form = client.get(address).context["adminform"].form
    client.post(address, {**form.initial, "status": "open"})
    assert client.get("/chapters/lakeside/").status_code == 200


def test_only_those_who_add_chapters_may(client):
    cleo = make.signed_in_staff(client, "cleo", superuser=False)
    cleo.user_permissions.add(Permission.objects.get(codename="change_chapter"))
    listed = reverse("admin:chapters_chapter_changelist")
    assert (client.get(CHAPTERS).status_code, client.post(CHAPTERS).status_code) == (403, 403)
    assert CHAPTERS not in client.get(listed).content.decode()
    cleo.user_permissions.add(Permission.objects.get(codename="add_chapter"))
    assert (client.get(CHAPTERS).status_code, CHAPTERS in client.get(listed).content.decode()) == (200, True)


def test_other_lists_of_the_app_offer_no_import(client, ada):
    for name in ("volunteeroffer", "representativemessage"):
        page = client.get(reverse(f"admin:chapters_{name}_changelist"))
        assert (page.status_code, ">Import<" in page.content.decode().split("<main", 1)[-1]) == (200, False)
