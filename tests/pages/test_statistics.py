from datetime import date

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError

from pages.models import Statistic
from tests.make import signed_in_staff
from tests.query_counts import for_one_and_thirty
from tests.reading import Page, words

pytestmark = pytest.mark.django_db

LIST = f"/{settings.ADMIN_PATH}pages/statistic/"

LINK = "https://report.example/2020"
SLUGS = ["twenty-years", "under-two-percent", "under-six-percent", "eighty-eight-percent"]


def give_a_source(slug):
    Statistic.objects.filter(slug=slug).update(
        source="A plainly invented report", link=LINK, place="Nowhere", year="2020", checked_on=date(2026, 3, 12)
    )


def source_links(client, address="/why/"):
    """Return the links from the text to /sources/: URL, visible text, and accessible name."""
    page = Page(client.get(address).content.decode())
    links = [link for link in page.all(tag="a") if link["href"].startswith("/sources/#")]
    return [(link["href"], words(link), link.get("aria-label")) for link in links]


def prose(client, address="/why/"):
    return words(Page(client.get(address).content.decode()).one(class_="prose prose--opening"))


@pytest.mark.parametrize("address", ["/sources/", f"/{settings.ADMIN_PATH}pages/statistic/"])
def test_a_list_of_figures_takes_as_many_queries_for_thirty_as_for_one(client, settings, address):
    settings.CACHE_VERSION_SECONDS = 0
    signed_in_staff(client)

    def create(number):
        said = {"label": f"Figure {number}.", "text": f"Sentence {number}", "order": number}
        Statistic.objects.create(slug=f"figure-{number}", **said)
        give_a_source(f"figure-{number}")

    one, thirty = for_one_and_thirty(create, lambda: client.get(address))
    page = client.get(address).content.decode()
    assert (one, [number for number in range(30) if f"Figure {number}." not in page]) == (thirty, [])


def test_the_four_figures_exist_without_invented_sources():
    assert [statistic.slug for statistic in Statistic.objects.all()] == SLUGS
    assert [statistic.slug for statistic in Statistic.objects.filter(source="", checked_on=None)] == SLUGS
    assert not Statistic.objects.sourced().exists()


def test_each_figure_links_to_its_source_by_its_star_or_number(client):
    assert source_links(client) == [
        ("/sources/#twenty-years", "*", "source: +20 years"),
        ("/sources/#under-two-percent", "*", "source: less than 2%"),
        ("/sources/#under-six-percent", "Less than 6%", None),
        ("/sources/#eighty-eight-percent", "*", "source: 88%"),
    ]


@pytest.mark.parametrize("address", ["/", "/why/"])
def test_the_sentences_of_the_coalition_stay_unchanged(client, address):
    assert "legal sanctions through court*. Less than 6% of survivors report due to fear" in prose(client, address)


@pytest.mark.parametrize("address", ["/", "/why/"])
def test_one_line_under_the_text_says_that_sources_are_being_gathered(client, address):
    page = Page(client.get(address).content.decode())
    assert [words(line) for line in page.all(tag="p", class_="source")] == [
        "We’re still gathering sources for these numbers. See what we know"
    ]
    assert words(page.all(tag="a", href="/sources/")[0]) == "See what we know"


def test_once_every_figure_has_a_source_the_line_only_links_there(client):
    for slug in SLUGS[1:]:
        give_a_source(slug)
    assert "still gathering" in client.get("/why/").content.decode()
    give_a_source(SLUGS[0])
    page = Page(client.get("/why/").content.decode())
    assert [words(line) for line in page.all(tag="p", class_="source")] == ["Where these statistics come from"]


def test_only_a_figure_with_a_source_is_large(client):
    give_a_source("under-two-percent")
    statistic = Statistic.objects.get(slug="under-two-percent")
    page_text = client.get("/why/").content.decode()
    page = Page(page_text)
    assert [words(number) for number in page.all(class_="figure__number")] == ["less than 2%"]
    assert (statistic.dash, statistic.lit_dashes) == ("0.65 0.35", "0.65 0.35 0.65 0.35 0 100")
    assert f'stroke-dasharray="{statistic.lit_dashes}"' in page_text


@pytest.mark.parametrize("missing", [{"link": ""}, {"checked_on": None}])
def test_the_database_refuses_a_source_without_its_link_or_its_day(missing):
    said = {"source": "A plainly invented report", "link": LINK, "checked_on": date(2026, 3, 12), **missing}
    with pytest.raises(IntegrityError):
        Statistic.objects.filter(slug="under-two-percent").update(**said)


def test_without_sources_a_box_asks_for_them(client):
    assert [words(box) for box in Page(client.get("/sources/").content.decode()).all(class_="notice")] == [
        "We’re still gathering sources for these numbers. Do you know one? Contact us"
    ]
    give_a_source("under-two-percent")
    assert Page(client.get("/sources/").content.decode()).all(class_="notice") == []


def test_the_database_refuses_a_checked_figure_without_a_source():
    with pytest.raises(IntegrityError):
        Statistic.objects.filter(slug="under-two-percent").update(checked_on=date(2026, 3, 12))


def test_the_sources_page_has_an_anchor_and_citation_for_every_figure(client):
    give_a_source("eighty-eight-percent")
    page = Page(client.get("/sources/").content.decode())
    assert [element["id"] for element in page.elements if element.get("id") in SLUGS] == SLUGS
    assert words(page.all(class_="citation")[3]) == (
        "“88% of advocates report that survivors are re-traumatized through the court system*.” "
        "Survivors for Justice Reform (S4JR). Source: A plainly invented report, Nowhere, 2020. "
        f"{LINK} Checked on March 12, 2026. {settings.SITE_URL}/sources/#eighty-eight-percent"
    )


def test_the_sources_page_leaves_out_unknown_fields(client):
    give_a_source("eighty-eight-percent")
    page = Page(client.get("/sources/").content.decode())
    assert [words(e) for e in page.elements if e["tag"] == "dt"] == [
        "Where", "When", "Source", "Where to read it", "Checked on",
    ]  # fmt: skip
    assert "Source not published by the coalition yet." in words(page.one(id="under-two-percent"))
    assert "Source not published by the coalition yet." not in words(page.one(id="eighty-eight-percent"))


def test_a_ring_of_years_has_a_tick_for_each_year():
    years = Statistic.objects.get(slug="twenty-years")
    assert (years.dash, years.lit_dashes.count(years.dash), years.lit_dashes[-4:]) == ("0.13 0.87", 20, "0 20")


def test_migrate_keeps_changes_by_admins():
    give_a_source("under-two-percent")
    Statistic.objects.get(slug="twenty-years").delete()
    call_command("migrate", verbosity=0)
    assert [statistic.slug for statistic in Statistic.objects.sourced()] == ["under-two-percent"]
    assert Statistic.objects.count() == 4


def test_admins_see_which_figures_have_no_source(client):
    signed_in_staff(client)
    give_a_source("under-two-percent")
    page = Page(client.get(LIST).content.decode())
    assert [words(cell) for cell in page.all(class_="field-source_state")] == [
        "No source yet", "A plainly invented report, checked on March 12, 2026", "No source yet", "No source yet",
    ]  # fmt: skip
    assert [link["href"] for link in page.all(tag="a") if words(link) == "See it"] == [
        f"/sources/#{slug}" for slug in SLUGS
    ]


def test_a_seeded_figure_cannot_be_deleted(client):
    signed_in_staff(client)
    statistic = Statistic.objects.get(slug="twenty-years")
    client.post(f"/{settings.ADMIN_PATH}pages/statistic/{statistic.pk}/delete/", {"post": "yes"})
    assert Statistic.objects.filter(slug="twenty-years").exists()


# --- the form

SOURCE = {"source": "A plainly invented report", "link": LINK, "checked_on": "2026-03-12"}
PLAIN_MESSAGES = {
    "link": "Add the link to the source, so that readers can check the statistic.",
    "checked_on": "Enter the day someone read the statistic in the source.",
    "source": "Enter the source that was checked, or clear the day.",
}


def change(client, **fields):
    """Send the form of a statistic with these fields changed."""
    statistic = Statistic.objects.get(slug="under-two-percent")
    sent = {"label": statistic.label, "text": statistic.text, "lit": 2, "ticks": 100, "order": 2, **fields}
    return client.post(f"{LIST}{statistic.pk}/change/", sent, follow=True)


def errors_of(response):
    return {name: [*said] for name, said in response.context["adminform"].form.errors.items()}


@pytest.mark.parametrize("missing", PLAIN_MESSAGES)
def test_a_source_comes_with_its_link_and_its_day_or_a_plain_message_says_so(client, missing):
    signed_in_staff(client)
    response = change(client, **{**SOURCE, missing: ""})
    assert errors_of(response) == {missing: [PLAIN_MESSAGES[missing]]}
    assert Statistic.objects.sourced().count() == 0


def test_a_figure_without_a_source_is_saved_as_before(client):
    signed_in_staff(client)
    page = change(client, counts="Reported cases").content.decode()
    statistic = Statistic.objects.get(slug="under-two-percent")
    assert (statistic.counts, statistic.is_sourced) == ("Reported cases", False)
    assert "“less than 2%” is saved, and readers see it now. No email was sent. To undo, change it back here." in page


def test_a_figure_with_a_source_its_link_and_its_day_is_saved(client):
    signed_in_staff(client)
    change(client, **SOURCE)
    assert [statistic.slug for statistic in Statistic.objects.sourced()] == ["under-two-percent"]


def test_the_second_of_two_admins_sees_what_the_first_saved_and_decides(client):
    signed_in_staff(client)
    statistic = Statistic.objects.get(slug="under-two-percent")
    opened = Page(client.get(f"{LIST}{statistic.pk}/change/").content.decode()).one(name="row_version")["value"]
    Statistic.objects.filter(pk=statistic.pk).update(place="Canada")
    response = change(client, place="Ontario", row_version=opened)
    assert errors_of(response) == {
        "__all__": [
            "Someone changed this while you were writing. Save again to replace it with what you typed.",
            "Saved now as “Place”: Canada",
        ]
    }
    again = Page(response.content.decode()).one(name="row_version")["value"]
    change(client, place="Ontario", row_version=again)
    assert Statistic.objects.get(pk=statistic.pk).place == "Ontario"
