"""Who may read which inquiries. The others find no trace: no URL, count or email."""

import io
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from members.inquiries.permissions import may_read, readers_now, topics_read
from members.models import Inquiry
from s4jr.accounts.models import User
from s4jr.mail.models import OutgoingEmail
from tests import make
from tests.members.inquiries import people

pytestmark = pytest.mark.django_db
ALL = Inquiry.Topic.values


def readable_by(user):
    return sorted(Inquiry.objects.readable_by(User.objects.get(pk=user.pk)).values_list("topic", flat=True))


class TestGroups:
    @pytest.mark.parametrize(
        ("group", "topics"),
        [("Reader", []), ("Press", ["press"]), ("Editor", ["website"]), ("Care", ["safety"]), ("Coordinator", ALL)],
    )
    def test_each_reads_its_topics(self, group, topics):
        user = people.in_group(group, "bo", display_name="Bo", address="bo@mailbox.example")
        for topic in ALL:
            people.written(topic=topic, readers=(user,) if topic == "safety" else ())
        assert readable_by(user) == sorted(topics)
        assert [topic for topic in ALL if user in may_read(topic)] == topics
        assert (OutgoingEmail.objects.filter(kind="admin-inquiry").count() > 0) is bool(topics)

    def test_a_superuser_reads_everything_except_safety(self):
        ada = make.admin("ada")
        for topic in ALL:
            people.written(topic=topic)
        assert readable_by(ada) == sorted(set(ALL) - {"safety"})


class TestTopicsRead:
    """Which topics the contact form offers."""

    @pytest.mark.parametrize(
        ("group", "topics"), [("Reader", []), ("Press", ["press"]), ("Care", ["safety"]), ("Coordinator", ALL)]
    )
    def test_they_are_the_topics_of_active_users_however_the_permission_was_granted(self, group, topics):
        people.in_group(group, "bo", display_name="Bo")
        assert topics_read() == topics

    def test_a_superuser_reads_all_and_without_a_display_name_nothing_about_safety(self):
        make.admin("ada")
        assert topics_read() == [topic for topic in ALL if topic != "safety"]

    def test_it_takes_the_same_queries_for_many_readers_and_for_one(self, django_assert_num_queries):
        people.reader("bo", *ALL, display_name="Bo")
        assert topics_read() == ALL
        for number in range(30):
            reader = people.reader(f"cleo{number}", display_name=f"Cleo {number}")
            own = Group.objects.create(name=f"Group {number}")
            own.permissions.set(Permission.objects.filter(codename__startswith="read_"))
            reader.groups.add(own)
        with django_assert_num_queries(3):
            topics_read()


class TestSafety:
    def test_only_its_readers_read_it(self):
        bo, cleo = (people.reader(name, "safety", display_name=name) for name in ("bo", "cleo"))
        people.about_safety(bo)
        assert (readable_by(bo), readable_by(cleo)) == (["safety"], [])

    def test_a_reader_who_removes_their_name_can_no_longer_read_it(self):
        bo = people.reader("bo", "safety", display_name="Bo")
        inquiry = people.about_safety(bo)
        User.objects.update(display_name="")
        assert (readable_by(bo), readers_now(inquiry)) == ([], [])

    def test_a_reader_who_lost_the_permission_can_no_longer_read_it(self):
        bo = people.reader("bo", "safety", display_name="Bo")
        inquiry = people.about_safety(bo)
        bo.user_permissions.clear()
        assert (readable_by(bo), readers_now(inquiry)) == ([], [])

    def test_a_user_who_gets_the_permission_or_a_name_later_cannot_read_it(self):
        bo, late = people.reader("bo", "safety", display_name="Bo"), people.reader("late", display_name="Late")
        nameless = people.reader("nameless", "safety")
        people.about_safety(bo)
        people.give(late, "safety")
        User.objects.filter(pk=nameless.pk).update(display_name="Said Later")
        assert (readable_by(late), readable_by(nameless)) == ([], [])


@pytest.fixture
def bo(db):
    return people.reader("bo", "safety", display_name="Bo", address="bo@mailbox.example")


def test_the_page_that_deletes_a_user_does_not_count_the_inquiries_they_read(client, bo):
    make.signed_in_staff(client, "ada")
    client.get(reverse("admin:index"))  # consumes the greeting message
    before = client.get(reverse("admin:accounts_user_delete", args=[bo.pk])).content.decode()
    people.about_safety(bo)
    after = client.get(reverse("admin:accounts_user_delete", args=[bo.pk])).content.decode()
    assert stable_lines(after) == stable_lines(before)
    assert "relationship" not in after


def stable_lines(page):
    """Returns the lines of a page without those that change with time or token."""
    return [line for line in page.splitlines() if "csrf" not in line and "data-seconds" not in line]


def test_deleting_a_reader_leaves_the_inquiry_to_the_others(client, bo):
    cleo = people.reader("cleo", "safety", display_name="Cleo")
    inquiry = people.about_safety(bo, cleo)
    bo.delete()
    assert readers_now(inquiry) == [cleo]


def test_the_most_urgent_comes_first(bo):
    today = timezone.now().date()
    later, sooner, old, new = (
        people.written(deadline=day) for day in (today + timedelta(days=9), today + timedelta(days=1), None, None)
    )
    Inquiry.objects.filter(pk=old.pk).update(received_on=today - timedelta(days=5))
    assert list(Inquiry.objects.most_urgent_first()) == [sooner, later, old, new]


class TestExcludedAdminWhoRecoversAccounts:
    """Ada is excluded. She may reset Bo's sign-in, but must not read as Bo what she may not read as Ada."""

    @pytest.fixture(autouse=True)
    def ada(self, client):
        return make.signed_in_staff(client, "ada")

    @pytest.fixture
    def said(self, bo):
        return people.about_safety(bo)

    def post_recovery(self, client, user):
        return client.post(reverse("admin:accounts_user_recover", args=[user.pk])).context["link"]

    def save_address(self, client, user, address):
        roles = {"is_active": "on", "is_staff": "on"}
        form = {"username": user.username, "address": address, "user_permissions": [], **roles}
        assert client.post(reverse("admin:accounts_user_change", args=[user.pk]), form).status_code == 302

    def test_a_reader_with_an_address_stays_one_and_the_link_goes_there(self, client, bo, said):
        assert (self.post_recovery(client, bo), list(said.readers.all())) == ("", [bo])
        assert [email.to for email in mail.outbox] == [["bo@mailbox.example"]]

    def test_a_reader_without_an_address_can_no_longer_read_it_once_the_link_is_shown(self, client, bo, said):
        cleo = people.reader("cleo", "safety", display_name="Cleo")
        said.readers.add(cleo)
        User.objects.filter(pk=bo.pk).update(address="")
        assert "/invitation/" in self.post_recovery(client, bo)
        assert (readable_by(bo), readers_now(said)) == ([], [cleo])

    @pytest.mark.parametrize("address", ["ada@mailbox.example", ""])
    def test_a_reader_whose_address_an_admin_changes_can_no_longer_read_it(self, client, bo, said, address):
        self.save_address(client, bo, address)
        self.post_recovery(client, bo)
        assert readers_now(said) == []

    def test_a_reader_who_is_saved_with_the_same_address_stays_one(self, client, bo, said):
        self.save_address(client, bo, "bo@mailbox.example")
        assert list(said.readers.all()) == [bo]

    def test_a_reader_reads_later_inquiries(self, client, bo):
        User.objects.filter(pk=bo.pk).update(address="")
        self.post_recovery(client, bo)
        assert readers_now(people.about_safety(bo)) == [bo]

    def test_recovery_from_the_command_line_is_trusted(self, bo, said):
        call_command("reset_second_factor", "bo", stdout=io.StringIO())
        assert list(said.readers.all()) == [bo]
