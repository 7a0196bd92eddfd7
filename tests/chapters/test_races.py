"""Two admins press the same button, or opposite ones, at the same moment: one of them changes the row."""

from functools import partial

import pytest

from chapters.meetings.services import cancel_meeting, delete_drafts, publish_series, restore_meeting
from chapters.models import Chapter, ConversationMessage, Meeting, MeetingSeries, Representative, VolunteerOffer
from chapters.representative_messages import moderation
from chapters.representative_messages.escalation import take_over
from chapters.representatives.appointments import Appointment, appoint, end_term, hand_over
from chapters.representatives.services import hide_profile
from chapters.volunteer_offers import services as offers
from chapters.volunteer_offers.chapter_opening import open_chapter
from s4jr.accounts.models import User
from s4jr.audit.models import AccessLog
from s4jr.conflicts import ChangedMeanwhileError
from s4jr.mail.models import OutgoingEmail
from tests import make
from tests.chapters import cast
from tests.chapters.meetings.meetings import make_meeting, series
from tests.chapters.representative_messages import cast as messages
from tests.chapters.volunteer_offers.test_views import offered
from tests.races import race

pytestmark = [pytest.mark.only_postgres, pytest.mark.django_db(transaction=True)]
State = VolunteerOffer.State


def logged(action="decided"):
    return AccessLog.objects.filter(action=action).count()


def appointment(username, **more):
    return Appointment(**{"begins_on": cast.today(), "region": "CA-ON", "username": username, **more})


class TestAnOffer:
    @pytest.mark.parametrize(
        ("first", "second", "states"),
        [
            (offers.accept, offers.accept, {State.TAKEN_UP}),
            (offers.decline, offers.decline, {State.NOT_NOW}),
            (offers.accept, offers.decline, {State.TAKEN_UP, State.NOT_NOW}),
        ],
    )
    def test_is_decided_once_with_one_email(self, first, second, states):
        this, ada, bo = VolunteerOffer.objects.filter(pk=offered().pk), make.admin("ada"), make.admin("bo")
        told = race(partial(first, this, by=ada), partial(second, this, by=bo))
        emails = OutgoingEmail.objects.filter(kind__in=["offer-taken-up", "offer-not-now"]).count()
        assert (sorted(told), this.get().state in states, emails, logged()) == ([False, True], True, 1, 1)

    @pytest.mark.parametrize(
        ("press", "before"),
        [
            (offers.unflag, {"flag_reason": "honeypot"}),
            (offers.mark_talked, {"state": State.TAKEN_UP, "decided_on": cast.today()}),
            (offers.mark_not_talked, {"state": State.TAKEN_UP, "decided_on": cast.today(), "talked_on": cast.today()}),
        ],
    )
    def test_each_other_button_counts_once(self, press, before):
        this, ada, bo = VolunteerOffer.objects.filter(pk=offered().pk), make.admin("ada"), make.admin("bo")
        this.update(**before)
        told = race(partial(press, this, by=ada), partial(press, this, by=bo))
        assert (sorted(told), logged("changed")) == ([False, True], 1)

    def test_opens_one_chapter(self):
        facts = {"name": "Riverside", "country": "CA"}
        this = VolunteerOffer.objects.filter(
            pk=offered(kind=VolunteerOffer.Kind.START_CHAPTER, chapter_name="Riverside").pk
        )
        ada, bo = make.admin("ada"), make.admin("bo")
        offers.accept(this, by=ada)
        told = race(
            partial(open_chapter, this, by=ada, slug="riverside", **facts),
            partial(open_chapter, this, by=bo, slug="riverside-2", **facts),
        )
        assert (told.count(None), Chapter.objects.count(), this.get().state) == (1, 1, State.TAKEN_UP)

    @pytest.mark.parametrize("other", [offers.decline, offers.close_as_appointed])
    def test_that_someone_decides_about_meanwhile_appoints_no_one(self, other):
        offer, ada = offered(), make.admin("ada")
        this = VolunteerOffer.objects.filter(pk=offer.pk)
        other(this, by=make.admin("bo"))
        with pytest.raises(ChangedMeanwhileError):
            offers.close_as_appointed(this, by=ada, seen=offer)

    def test_two_admins_appoint_its_sender_once(self):
        this, ada, bo = VolunteerOffer.objects.filter(pk=offered().pk), make.admin("ada"), make.admin("bo")
        told = race(*[partial(offers.close_as_appointed, this, by=by, seen=this.get()) for by in (ada, bo)])
        losers = [one for one in told if isinstance(one, ChangedMeanwhileError)]
        assert (this.get().state, told.count(True), len(losers)) == (State.TAKEN_UP, 1, 1)


class TestATerm:
    def test_ends_once(self):
        term, ada, bo = cast.representative(), make.admin("ada"), make.admin("bo")
        message = messages.message(term)
        told = race(partial(end_term, term, by=ada), partial(end_term, term, by=bo))
        message.refresh_from_db()
        emails = OutgoingEmail.objects.filter(kind="term-ended").count()
        assert (sorted(told), message.state, emails, logged()) == ([False, True], "closed", 1, 1)

    def test_two_admins_hide_a_profile_once(self):
        term, ada, bo = cast.representative(), make.admin("ada"), make.admin("bo")
        assert sorted(race(partial(hide_profile, term, by=ada), partial(hide_profile, term, by=bo))) == [False, True]

    def test_is_handed_over_to_one_person(self):
        term, ada, bo = cast.representative(), make.admin("ada"), make.admin("bo")
        told = race(
            partial(hand_over, term, appointment("nadia", address="nadia@desk.example"), by=ada),
            partial(hand_over, term, appointment("quinn", address="quinn@desk.example"), by=bo),
        )
        losers = [one for one in told if isinstance(one, ChangedMeanwhileError)]
        assert (len(losers), Representative.objects.filter(follows=term).count()) == (1, 1)
        assert User.objects.filter(username__in=["nadia", "quinn"]).count() == 1
        assert OutgoingEmail.objects.filter(about__startswith="representative").count() <= 1

    def test_can_be_handed_over_again_after_the_next_one_is_over(self):
        term, ada = cast.representative(), make.admin("ada")
        begun = hand_over(term, appointment("nadia"), by=ada)
        end_term(begun.term, by=ada)
        assert hand_over(term, appointment("quinn"), by=ada).term.follows_id == term.pk

    def test_two_admins_appoint_under_one_username_once(self):
        ada, bo = make.admin("ada"), make.admin("bo")
        told = race(partial(appoint, appointment("nadia"), by=ada), partial(appoint, appointment("nadia"), by=bo))
        assert (Representative.objects.count(), User.objects.filter(username="nadia").count()) == (1, 1)
        assert sorted(type(one).__name__ for one in told) == ["Appointed", "ChangedMeanwhileError"]


class TestAMessage:
    def test_is_taken_over_once(self):
        message, ada, bo = (
            messages.message(messages.representative(), coalition_may_answer=True),
            *map(make.admin, "ab"),
        )
        messages.grow_old(message, 8)
        this = messages.these(message)
        told = race(partial(take_over, this, by=ada), partial(take_over, this, by=bo))
        assert (sorted(told), logged()) == ([False, True], 1)

    @pytest.mark.parametrize(
        ("press", "settled"), [(moderation.settle_reports, None), (moderation.unsettle_reports, 1)]
    )
    def test_is_moderated_once(self, press, settled):
        message, ada, bo = messages.message(messages.representative()), make.admin("ada"), make.admin("bo")
        words = ConversationMessage.objects.filter(conversation=message)
        words.update(reported_on=cast.today(), report="rude")
        if settled:
            moderation.settle_reports(words, by=ada)
        before = AccessLog.objects.count()
        told = race(partial(press, words, by=ada), partial(press, words, by=bo))
        assert (sorted(told), AccessLog.objects.count() - before) == ([0, 1], 1)


class TestAMeeting:
    def test_is_canceled_and_restored_once(self):
        this = Meeting.objects.filter(pk=make_meeting().pk)
        assert sorted(race(*[partial(cancel_meeting, this)] * 3)) == [0, 0, 1]
        assert sorted(race(*[partial(restore_meeting, this)] * 3)) == [0, 0, 1]

    def test_a_series_is_published_once_or_thrown_away(self):
        for _ in range(3):
            this = MeetingSeries.objects.filter(pk=series(published=False).pk)
            published, thrown = race(partial(publish_series, this), partial(delete_drafts, this))
            kept = this.filter(is_published=True).count()
            assert (bool(published), bool(thrown)) in [(True, False), (False, True)]
            assert (kept, this.count()) == ((1, 1) if published else (0, 0))
        this = MeetingSeries.objects.filter(pk=series(published=False).pk)
        assert sorted(race(*[partial(publish_series, this)] * 3)) == [0, 0, 1]
