"""A host creates a monthly skill share and cancels one meeting; readers see its time there and in their own zone."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from chapters.models import Meeting, MeetingSeries
from tests import make
from tests.chapters.meetings.meetings import LINK, local, make_meeting, representative, series
from tests.reading import Page


@pytest.fixture
def imogen(transactional_db):
    """A representative of Ontario with two-step sign-in."""
    user = representative()
    make.second_factor(user)
    return user


def sign_in(page, user):
    page.goto("/desk/meetings/")
    page.get_by_label("Username").fill(user.username)
    page.get_by_label("Password").fill(make.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.locator("input[name=code]").fill(make.code_of(user))
    page.locator("main form button, main form input[type=submit]").first.click()
    page.wait_for_url("**/desk/meetings/")


def create_skill_share(page):
    page.get_by_role("link", name="Plan a meeting").click()
    page.get_by_label("Title").fill("Writing to a legislator")
    page.get_by_label("Type").select_option("skill_share")
    page.get_by_label("Who it’s for").select_option("public")
    page.get_by_label("Description").fill("We write one letter together.")
    page.get_by_label("How often").select_option("monthly")
    page.get_by_label("Day of the week").select_option("1")
    page.get_by_label("Which one").select_option("2")
    page.get_by_label("First meeting").fill(str(timezone.now().date() + timedelta(days=1)))
    page.get_by_label("Starts at").fill("19:00")
    page.get_by_label("Time zone").select_option("America/Toronto")
    page.get_by_label("live captions").check()
    page.get_by_role("button", name="Save as a draft").click()


def save_the_link(page):
    page.get_by_label("Meeting link").fill(LINK)
    page.get_by_role("button", name="Save the meeting link").click()
    expect(page.get_by_text("A meeting link is saved.")).to_have_count(1)


def publish(page):
    page.get_by_role("link", name="Preview and publish").click()
    expect(page.get_by_text("Not published yet.")).to_have_count(1)
    page.get_by_role("button", name="Publish").click()


def cancel_the_second(page):
    page.locator("ul.past a").nth(1).click()
    page.get_by_label("Reason").last.fill("The library is closed.")
    page.get_by_role("button", name="Cancel this meeting").click()
    expect(page.get_by_role("heading", name="Cancel this meeting?")).to_have_count(1)
    expect(page.get_by_text("The library is closed.")).to_have_count(1)
    page.get_by_role("button", name="Cancel the meeting").click()
    assert page.get_by_text("Canceled.").first.is_visible()


def test_a_host_creates_a_monthly_skill_share_and_cancels_one_meeting(page, new_page, imogen):
    page.set_default_timeout(15_000)
    sign_in(page, imogen)
    create_skill_share(page)
    save_the_link(page)
    publish(page)
    cancel_the_second(page)

    made = MeetingSeries.objects.get()
    assert (made.rhythm, made.region, made.join_link) == ("every month on the second Tuesday", "CA-ON", LINK)
    assert list(made.meetings.order_by("starts_at").values_list("is_canceled", flat=True))[:3] == [False, True, False]

    reader = new_page(javascript=False, width=360)
    reader.goto("/meetings/")
    expect(reader.get_by_role("heading", name="Writing to a legislator")).to_have_count(1)
    reader.get_by_text("Other dates").click()
    expect(reader.locator(".meeting .past li")).to_have_count(6)
    expect(reader.locator(".meeting .past .meeting__off")).to_have_count(1)
    reader.locator(".meeting .past a").first.click()
    expect(reader.get_by_text("This meeting is canceled.")).to_have_count(1)
    assert "rooms.example" not in reader.content()


@pytest.fixture
def in_july(transactional_db):
    """A meeting at 7 p.m. in Toronto in a future summer."""
    return make_meeting(starts_at=local("America/Toronto", timezone.now().year + 1, 7, 6, 19))


def time_as_read(new_page, meeting, **options):
    page = new_page(**options)
    page.goto(f"/meetings/{meeting.pk}/")
    return page.locator("p.when").inner_text()


def test_a_reader_in_another_zone_also_sees_their_own_time(new_page, in_july):
    plain = time_as_read(new_page, in_july, javascript=False)
    assert "at 7:00 p.m." in plain
    assert "Eastern Time" in plain
    in_berlin = time_as_read(new_page, in_july, timezone_id="Europe/Berlin")
    own = in_berlin[in_berlin.index("(your time: ") :]
    assert "1:00" in own
    assert " ".join(in_berlin.replace(own, "").split()) == " ".join(plain.split())


@pytest.mark.parametrize("zone", ["America/Toronto", "America/New_York"])
def test_a_reader_in_the_same_zone_sees_it_once(new_page, in_july, zone):
    assert "your time" not in time_as_read(new_page, in_july, timezone_id=zone)


def test_a_reader_whose_place_has_their_clock_does_not_see_it_a_second_time(new_page, in_july):
    """As on a member's own page, which prints the time in the member's place."""
    page = new_page(timezone_id="Europe/Berlin")

    def with_place(route):
        answer = route.fetch()
        route.fulfill(
            response=answer, body=answer.text().replace("data-offset=", 'data-place-offset="120" data-offset=')
        )

    page.route(f"**/meetings/{in_july.pk}/", with_place)
    page.goto(f"/meetings/{in_july.pk}/")
    assert "your time" not in page.locator("p.when").inner_text()


def test_the_readers_time_zone_never_leaves_the_browser(new_page, in_july):
    page, asked = new_page(timezone_id="Asia/Kathmandu"), []
    page.on("request", lambda request: asked.append(request.url + (request.post_data or "")))
    page.goto(f"/meetings/{in_july.pk}/")
    page.wait_for_load_state("networkidle")
    expect(page.locator(".when__own")).to_have_count(1)
    assert [address for address in asked if "athmandu" in address or "?" in address] == []
    assert page.context.cookies() == []


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_nothing_overflows(new_page, in_july, width):
    for number in range(3):
        make_meeting(24 * number + 1, title="Reading a bill together, slowly, with a lawyer who explains " * 2)
    page = new_page(width=width, timezone_id="Asia/Kathmandu")
    for address in ("/meetings/", f"/meetings/{in_july.pk}/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert len(Page(page.content()).all(tag="h1")) == 1


def test_a_weekly_series_of_a_year_keeps_the_list_short(new_page, transactional_db):
    series(repeats="weekly", title="Quiet hour", words="An hour to write side by side.")
    page = new_page(width=1280)
    page.goto("/meetings/")
    expect(page.locator(".meeting")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollHeight") < 1500


def test_show_more_and_other_dates_work_without_a_script(new_page, transactional_db):
    made = series(repeats="weekly", title="Quiet hour", begins_on=timezone.now().date() + timedelta(days=2))
    for number in range(6):
        make_meeting(24 * 20 + number, title=f"Circle {number}")
    page = new_page(javascript=False, width=360)
    page.goto("/meetings/")
    page.get_by_text("More filters").click()
    expect(page.get_by_label("Topic")).to_be_visible()
    page.get_by_text("Other dates").click()
    expect(page.locator(".meeting .past a")).to_have_count(6)
    page.get_by_role("link", name="Show more meetings").click()
    expect(page.get_by_role("heading", level=3)).to_have_count(7)
    page.get_by_text("Other dates").click()
    page.get_by_role("link", name="About this series").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Quiet hour")
    assert page.url.endswith(f"/meetings/series/{made.pk}/")


def test_the_feed_is_a_calendar_file(page, in_july):
    response = page.request.get("/meetings.ics")
    assert response.headers["content-type"] == "text/calendar; charset=utf-8"
    assert f"UID:{Meeting.objects.get().pk}" in response.text()
