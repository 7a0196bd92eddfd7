"""Co-hosts manage a series that is not of their place, as long as they serve, and are named only if they want to be."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from chapters.meetings.cohosts import add_host, remove_host, show_host
from chapters.meetings.permissions import hosted_meetings, hosted_series, named_hosts
from chapters.models import MeetingHost, MeetingSeries, Representative
from s4jr.audit.models import AccessLog
from tests import make
from tests.chapters.meetings.meetings import representative, said, series
from tests.query_counts import for_one_and_thirty
from tests.reading import Page, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_step(settings):
    settings.STAFF_SECOND_FACTOR = False


def of_texas(username="odalys", **said):
    user = make.person_who_signs_in(username)
    today = timezone.now().date()
    is_public = {"confirmed_on": today, "consent_until": today + timedelta(days=30), **said} if said else {}
    begins_on = today - timedelta(days=30)
    Representative.objects.create(user=user, begins_on=begins_on, country="US", region="US-TX", **is_public)
    return user


def editor_of_meetings():
    user = make.person_who_signs_in("edda", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="change_meetingseries"))
    return user


@pytest.fixture
def ontario(client):
    user = representative()
    client.force_login(user)
    return user


@pytest.fixture
def made():
    return series(region="CA-ON")


def page_of(made):
    return reverse("manage_hosts", args=[made.pk])


def hosts_of(made):
    return list(MeetingHost.objects.filter(series=made).order_by("pk").values_list("user__username", flat=True))


def test_who_plans_a_series_hosts_it(client, ontario):
    client.post(reverse("manage_new"), said(whose="CA-ON"))
    assert hosts_of(MeetingSeries.objects.get()) == ["imogen"]


def test_a_host_adds_a_co_host_who_then_manages_the_series(client, ontario, made):
    other, elsewhere = of_texas(display_name="Odalys Invented"), series(region="CA-BC")
    assert (list(hosted_series(other)), list(hosted_meetings(other))) == ([], [])
    client.post(page_of(made), {"do": "add", "user": other.pk})
    assert (list(hosted_series(other)), hosted_meetings(other).count()) == ([made], made.meetings.count())
    client.force_login(other)
    addresses = [reverse(name, args=[made.pk]) for name in ("manage_series", "manage_change", "manage_hosts")]
    addresses += [reverse("manage_meeting", args=[made.meetings.first().pk]), reverse("manage_meetings")]
    assert [client.get(address).status_code for address in addresses] == [200] * 5
    assert client.get(reverse("manage_series", args=[elsewhere.pk])).status_code == 404


def test_a_co_host_changes_the_series_and_leaves_it_where_it_is(client, made):
    other = of_texas()
    add_host(made, other.pk, by=other)
    client.force_login(other)
    address, answers = reverse("manage_change", args=[made.pk]), {"begins_on": str(made.begins_on), "step": "save"}
    client.post(address, said(whose="CA-ON", title="Letters", **answers))
    assert client.post(address, said(whose="CA-BC", **answers)).context["form"].errors.keys() == {"whose"}
    made.refresh_from_db()
    assert (made.title, made.region) == ("Letters", "CA-ON")


def test_a_co_host_of_the_coalitions_meetings_plans_no_others_for_it(client):
    other, made = of_texas(), series()
    add_host(made, other.pk, by=other)
    client.force_login(other)
    change = client.get(reverse("manage_change", args=[made.pk])).context["form"]
    new = client.get(reverse("manage_new")).context["form"]
    assert [[value for value, _name in form.fields["whose"].choices] for form in (change, new)] == [
        [""],
        ["US-TX"],
    ]


def test_a_co_host_moves_the_series_to_no_place_of_their_own_and_takes_no_other_host_off(client, ontario, made):
    other = of_texas()
    for user in (ontario, other):
        add_host(made, user.pk, by=ontario)
    client.force_login(other)
    answers = {"begins_on": str(made.begins_on), "step": "save"}
    moved = client.post(reverse("manage_change", args=[made.pk]), said(whose="US-TX", **answers))
    removed = client.post(page_of(made), {"do": "remove", "host": MeetingHost.objects.get(user=ontario).pk})
    made.refresh_from_db()
    assert (moved.context["form"].errors.keys(), made.region, hosts_of(made)) == (
        {"whose"}, "CA-ON", ["imogen", "odalys"],
    )  # fmt: skip
    buttons = [words(each) for each in Page(removed.content.decode()).all(tag="button")]
    assert [one for one in buttons if one.startswith(("Remove", "Stop"))] == ["Stop hosting"]
    with pytest.raises(PermissionDenied):
        remove_host(MeetingHost.objects.get(user=ontario), by=other)


def test_a_representative_of_the_place_and_an_editor_move_the_series_to_another_place(client, ontario, made):
    today = timezone.now().date()
    Representative.objects.create(user=ontario, begins_on=today, country="CA", region="CA-BC")
    answers = {"begins_on": str(made.begins_on), "step": "save"}
    typed = {"whose": "", "place": "Texas"}  # Editors have a box for the place
    for user, said_place, place in ((ontario, {"whose": "CA-BC"}, "CA-BC"), (editor_of_meetings(), typed, "US-TX")):
        client.force_login(user)
        client.post(reverse("manage_change", args=[made.pk]), said(**said_place, **answers))
        made.refresh_from_db()
        assert made.region == place


def test_only_people_who_may_host_can_be_chosen_by_the_name_they_go_by(client, ontario, made):
    editor_of_meetings(), of_texas(display_name="Odalys Invented"), make.person_who_signs_in("nobody-yet")
    ended = of_texas("ended")
    Representative.objects.filter(user=ended).update(ends_on=timezone.now().date() - timedelta(days=3))
    gone = of_texas("gone")
    gone.is_active = False
    gone.save()
    page = client.get(page_of(made))
    assert [str(name) for _value, name in page.context["add"].fields["user"].choices] == [
        "Choose one",
        "Odalys Invented",
    ]
    assert client.post(page_of(made), {"do": "add", "user": ended.pk}).status_code == 200
    assert hosts_of(made) == []


def test_a_profile_that_is_not_public_gives_no_name(client, ontario, made):
    hidden = of_texas(display_name="Odalys Invented", consent_until=None, confirmed_on=None)
    add_host(made, hidden.pk, by=ontario)
    of_texas("xiadani", display_name="Xiadani Invented", consent_until=None, confirmed_on=None)
    page = client.get(page_of(made)).content.decode()
    names = ("odalys", "xiadani", "Odalys Invented", "Xiadani Invented")
    assert [name in page for name in names] == [False] * 4
    assert [str(name) for _value, name in client.get(page_of(made)).context["add"].fields["user"].choices] == [
        "Choose one"
    ]
    assert "Host without a public name" in page


@pytest.mark.parametrize("end", ["term", "sign-in"])
def test_a_co_host_whose_term_has_ended_manages_nothing_and_is_not_named(client, made, end):
    other = of_texas()
    add_host(made, other.pk, by=other)
    show_host(made, other, "Odalys")
    assert [host.shown_name for host in named_hosts(made)] == ["Odalys"]
    if end == "term":
        Representative.objects.update(ends_on=timezone.now().date() - timedelta(days=3))
    else:
        other.is_active = False
        other.save()
    assert (list(hosted_series(other)), list(hosted_meetings(other)), list(named_hosts(made))) == ([], [], [])


def test_an_editor_who_is_a_host_is_named_without_a_term(made):
    user = editor_of_meetings()
    add_host(made, user.pk, by=user)
    assert list(named_hosts(made)) == []
    show_host(made, user, "Edda")
    assert [host.shown_name for host in named_hosts(made)] == ["Edda"]


def test_only_hosts_themselves_write_their_name(client, ontario, made):
    other = of_texas()
    add_host(made, other.pk, by=other)
    client.post(page_of(made), {"do": "name", "shown_name": "Imogen of Ontario"})
    assert list(MeetingHost.objects.values_list("user__username", "shown_name")) == [("odalys", "")]
    add_host(made, ontario.pk, by=other)
    client.post(page_of(made), {"do": "name", "shown_name": "Imogen of Ontario"})
    assert [host.shown_name for host in named_hosts(made)] == ["Imogen of Ontario"]


@pytest.mark.parametrize("name", ["www.elsewhere.example", "416 555 0199"])
def test_a_shown_name_has_no_link_and_no_number(client, ontario, made, name):
    add_host(made, ontario.pk, by=ontario)
    assert list(client.post(page_of(made), {"do": "name", "shown_name": name}).context["own"].errors) == ["shown_name"]


def test_a_host_removes_a_co_host_and_a_co_host_steps_back(client, ontario, made):
    one, other = of_texas(), of_texas("xiadani")
    for user in (one, other):
        add_host(made, user.pk, by=ontario)
    client.post(page_of(made), {"do": "remove", "host": MeetingHost.objects.get(user=one).pk})
    assert hosts_of(made) == ["xiadani"]
    client.force_login(other)
    answer = client.post(page_of(made), {"do": "remove", "host": MeetingHost.objects.get(user=other).pk})
    assert (hosts_of(made), answer.headers["Location"]) == ([], reverse("manage_meetings"))
    assert client.get(page_of(made)).status_code == 404


def test_a_host_of_another_series_cannot_be_removed_here(client, ontario, made):
    user = of_texas()
    add_host(series(region="CA-BC"), user.pk, by=user)
    client.post(page_of(made), {"do": "remove", "host": MeetingHost.objects.get().pk})
    assert MeetingHost.objects.count() == 1


def test_each_change_of_the_hosts_is_in_the_access_log_once(client, ontario, made):
    user = of_texas()
    for _ in range(2):
        add_host(made, user.pk, by=ontario)
    client.post(page_of(made), {"do": "remove", "host": MeetingHost.objects.get().pk})
    rows = AccessLog.objects.order_by("pk").values_list("who", "action", "object_id", "field_names")
    assert list(rows) == [("imogen", "changed", str(made.pk), "hosts")] * 2


def test_the_page_of_hosts_has_a_button_for_each_and_takes_no_more_queries_for_thirty(client, ontario, made):
    def create(number):
        add_host(made, of_texas(f"host-{number}", display_name=f"Host {number}").pk, by=ontario)

    one, thirty = for_one_and_thirty(create, lambda: client.get(page_of(made)))
    buttons = [words(e) for e in Page(client.get(page_of(made)).content.decode()).all(tag="button")]
    assert (one, [f"Remove Host {number}" in buttons for number in range(30)]) == (thirty, [True] * 30)
