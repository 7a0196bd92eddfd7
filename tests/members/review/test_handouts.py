"""Two admins who review at the same time read different applications, and each sees what the other has open."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.models import Member
from members.purge import purge
from members.review.handouts import OPEN_FOR, hand_out, open_with_another
from members.review.services import approve
from s4jr.accounts.models import User
from tests import cast, make

pytestmark = pytest.mark.django_db
START = reverse("admin:members_member_start_reading")
READ = reverse("admin:members_member_read")


def people(count):
    return [cast.waiting(email=f"reader{n}@mailbox.example", name=f"Person {n * 1111} Test") for n in range(count)]


def reviewer(username):
    """An admin in their own browser, who has selected "Review applications"; returns the browser and the page."""
    browser = Client()
    make.signed_in_staff(browser, username)
    return browser, browser.post(START, follow=True).content.decode()


def press(browser, word, member):
    if word == "skip":
        address = reverse("admin:members_member_skip", args=[member.pk])
    else:
        address = reverse("admin:members_member_action", args=[member.pk, word])
    return browser.post(address, {"review_session": 1}, follow=True).content.decode()


def holders():
    return list(Member.objects.order_by("pk").values_list("handed_to__username", flat=True))


def test_each_gets_another_application():
    first, second = people(2)
    pages = [reviewer("ada")[1], reviewer("bo")[1]]
    assert [first.name in pages[0], second.name in pages[1]] == [True, True]
    assert holders() == ["ada", "bo"]


def test_the_only_one_left_names_who_has_it_open():
    [only] = people(1)
    reviewer("bo")
    _browser, page = reviewer("ada")
    assert ("bo has this open." in page, only.name in page, holders()) == (True, True, ["bo"])


def test_they_are_named_by_the_name_they_chose():
    people(1)
    reviewer("bo")
    bo = User.objects.get(username="bo")
    bo.display_name = "Bo of the river"
    bo.save()
    _browser, page = reviewer("ada")
    assert ("Bo of the river has this open." in page, "bo has this open." in page) == (True, False)


def test_their_own_page_names_nobody():
    people(1)
    browser, page = reviewer("ada")
    assert [("has this open" in shown) for shown in (page, browser.get(READ).content.decode())] == [False, False]


def test_the_record_names_who_has_it_open():
    [only] = people(1)
    reviewer("bo")
    browser, _page = reviewer("ada")
    record = reverse("admin:members_member_change", args=[only.pk])
    assert "bo has this open." in browser.post(record, {"reason": "a letter"}, follow=True).content.decode()


@pytest.mark.parametrize("word", ["approve", "keep-waiting", "close", "skip"])
def test_a_step_on_gives_it_back(word):
    first, _second = people(2)
    browser, _page = reviewer("ada")
    press(browser, word, first)
    assert holders() == [None, "ada"]


def test_after_a_few_minutes_it_counts_as_open_no_longer():
    [only] = people(1)
    bo = make.admin("bo")
    hand_out(only.row, to=bo)
    Member.objects.update(handed_at=timezone.now() - OPEN_FOR)
    assert (open_with_another(only, make.admin("cleo")), hand_out(only.row, to=make.admin("dov"))) == (None, 1)


def test_looking_again_keeps_it():
    people(1)
    browser, _page = reviewer("ada")
    Member.objects.update(handed_at=timezone.now() - timedelta(minutes=4))
    browser.get(READ)
    assert Member.objects.get().handed_at > timezone.now() - timedelta(minutes=1)


def test_the_retention_run_clears_what_nobody_cleared():
    people(1)
    reviewer("ada")
    purge()
    assert holders() == ["ada"]
    Member.objects.update(handed_at=timezone.now() - OPEN_FOR)
    purge()
    assert (holders(), Member.objects.get().handed_at) == ([None], None)


def test_a_decision_elsewhere_clears_it():
    [only] = people(1)
    reviewer("ada")
    approve(only.row, by=make.admin("bo"))
    assert holders() == [None]


def test_it_makes_no_new_version():
    [only] = people(1)
    hand_out(only.row, to=make.admin("bo"))
    assert Member.objects.get().version == only.version


@pytest.mark.django_db(transaction=True)
def test_two_admins_at_once_never_get_the_same():
    [only] = people(1)
    gate, admins = Barrier(4), [make.admin(name) for name in ("ada", "bo", "cleo", "dov")]

    def take(user):
        gate.wait(30)
        try:
            return hand_out(only.row, to=user)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(take, admins)) == 1
