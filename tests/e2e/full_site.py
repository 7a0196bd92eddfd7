"""A site with rows of every kind, for tests that look at each page. All people are fictional."""

import secrets
from datetime import date, timedelta

from chapters.meetings.cohosts import add_host
from chapters.models import ConversationMessage, Representative, VolunteerOffer
from chapters.representative_messages import escalation, moderation
from chapters.representative_messages import services as message_services
from chapters.representatives.appointments import Appointment
from chapters.representatives.email_address import ask_for_emails_again
from chapters.representatives.group_messages import send_to_all
from chapters.representatives.prepared import prepare_terms
from chapters.representatives.services import give_renewal_link
from chapters.representatives.stepping_down import step_down
from chapters.volunteer_offers.chapter_opening import open_chapter
from chapters.volunteer_offers.services import OfferSubmission, accept, make_offer
from members.announcements.services import pause_sending, start_sending
from members.inquiries import services as inquiry_services
from members.links import make_links
from members.models import Announcement, MemberLink, SkillRequest
from members.rsvps.host_services import send_message
from members.rsvps.links import rsvp_link, way_in_link
from members.skills.services import answer_questions
from pages.models import Statistic, SupportLine, TeamMember
from pages.services import save_bio, take_down
from s4jr.accounts.invitations import issue_invitation
from s4jr.content.models import TextBlock
from s4jr.conversations.models import SavedReply
from s4jr.crypto.blind_index import blind_index
from s4jr.mail.emails import unsubscribe_token
from s4jr.mail.kinds import OWNER_ASKS
from s4jr.mail.models import OutgoingEmail
from tests import cast, make
from tests.chapters import cast as places
from tests.chapters.meetings import meetings
from tests.chapters.representative_messages import cast as messages
from tests.erasure import people as traces
from tests.members.announcements.cast import announcement, scheduled
from tests.members.inquiries import people as inquiries
from tests.members.rsvps import people as rsvps
from tests.members.skills import people as skills

STEPS = "sign-in public card messages meeting"


class Full:
    """Creates every row when instantiated; its methods return URLs of these rows."""

    def __init__(self):
        self.ada = make.admin("ada", address="ada@mailbox.example")
        self._representatives()
        self._meetings()
        self._members()
        self._conversations()
        self._offers()
        self._announcements()
        self._website()

    def _representatives(self):
        self.orla = make.person_who_signs_in("orla", address=places.ADDRESS)
        self.term = places.representative(user=self.orla, steps_done=STEPS)
        self.hidden = places.representative(
            user=self.orla, place="CA-BC", steps_done=STEPS, **places.hidden_since_yesterday()
        )
        self.newcomer = make.person_who_signs_in("nell", address="nell@mailbox.example")
        self.new_term = places.representative(user=self.newcomer, place="CA-QC", display_name="", confirmed_on=None)
        appointment = Appointment(date(2026, 3, 12), region="CA-MB", username="una", address="una@mailbox.example")
        self.prepared = prepare_terms([appointment], by=self.ada)[0]
        self.chapter = places.chapter()
        places.of_chapter(self.chapter)
        self._group()
        places.many(60, 12)

    def _group(self):
        """What representatives share: messages to all, a sample answer, and the note of one who stepped down."""
        self.left = places.representative("edda", display_name="Edda Fictive")
        step_down(self.left, "The heron circle meets on Mondays.")
        SavedReply.objects.create(title="A few days", text="I need a few days.", audience="representatives")
        for number, term in enumerate((self.term, self.new_term)):
            send_to_all(term, "Does anyone have a leaflet in French?", f"to all {number}")

    def _meetings(self):
        self.series = meetings.series(region="CA-ON")
        self.draft = meetings.series(region="CA-ON", published=False, title="A draft")
        self.meeting = rsvps.a_meeting(hours=48)
        self.among_representatives = rsvps.a_meeting(hours=72, audience="representatives")
        self.guest = rsvps.guest(self.meeting)
        venue = {"format": "in_person", "city": "Toronto", "venue": "12 Invented Street"}
        self.in_person = rsvps.a_meeting(hours=96, region="CA-ON", **venue)
        rsvps.guest(self.in_person, contact="none", email="", needs="")
        send_message(self.in_person.pk, "Please bring a cup.", token="to all who are going", by=self.ada)
        add_host(self.series, self.ada.pk, by=self.ada)

    def _members(self):
        self.rosalind = traces.welcomed(self.ada)
        traces.elsewhere(self.ada)
        names = ("esme", "esmé", "dunja", "freya", "gita")  # the first two are possible duplicates
        people = [cast.waiting(name=name, email=f"{number}@mailbox.example") for number, name in enumerate(names)]
        self.waiting, self.declining, self.closed = people[0], people[3], people[4]
        cast.put(self.declining, "declining")
        cast.put(self.closed, "closed")
        self.held = cast.ask(email="held@mailbox.example", flag_reason="too_fast")
        self.unconfirmed = cast.ask(email="late@mailbox.example")
        self._skills()

    def _skills(self):
        """A topic of Rosalind's that a representative may ask about, and one after a yes."""
        self.skill = skills.skill_of(self.rosalind, "knots")
        skills.asked(self.skill, places.representative("saga"))
        skills.asked(skills.skill_of(self.rosalind, "kites", "learn"), self.term)
        self.agreed = skills.asked(skills.skill_of(self.rosalind, "bread baking"), self.term)
        answer_questions(SkillRequest.objects.filter(pk=self.agreed.pk), yes=True)

    def sign_in_token(self):
        return make_links([self.rosalind], MemberLink.Purpose.OPEN, lasting=timedelta(minutes=20))[0]

    def _conversations(self):
        self.message = messages.message(self.term)
        messages.answer(self.message)
        self.open_message = messages.message(self.term, email="open@mailbox.example")
        blocked = messages.message(self.term, email="blocked@mailbox.example")
        moderation.block_senders(messages.these(blocked), by=self.orla)
        self.reported = messages.message(self.term, email="reported@mailbox.example").said.first()
        moderation.report(messages.these(self.reported.conversation), self.reported.pk, "It hurts.", answers=False)
        self.unread, self.taken_over = (self._unread_message(f"unread{n}@mailbox.example") for n in range(2))
        escalation.take_over(messages.these(self.taken_over), by=self.ada)
        self.flagged_message = messages.message(self.term, email="bot@mailbox.example", flag_reason="too_fast")
        self.inquiry = inquiries.written()
        SavedReply.objects.create(title="Thanks", text="Thank you for writing.")
        self._closed_conversations()
        self.flagged_inquiry = inquiries.written(email="bot@mailbox.example", flag_reason="too_fast")

    def _closed_conversations(self):
        """A report, a message and an inquiry that someone may take up again."""
        self.settled = messages.message(self.term, email="settled@mailbox.example").said.first()
        moderation.report(messages.these(self.settled.conversation), self.settled.pk, "It hurts.", answers=False)
        moderation.settle_reports(ConversationMessage.objects.filter(pk=self.settled.pk), by=self.ada)
        self.closed_message = self._unread_message("closed@mailbox.example")
        escalation.take_over(messages.these(self.closed_message), by=self.ada)
        self.closed_message.refresh_from_db()
        message_services.close(messages.these(self.closed_message), by=self.ada, seen=self.closed_message.turn)
        self.closed_inquiry = inquiries.written(email="closed@mailbox.example")
        inquiry_services.close(inquiries.these(self.closed_inquiry), by=self.ada, seen=self.closed_inquiry.turn)

    def _unread_message(self, address):
        message = messages.message(self.term, email=address, coalition_may_answer=True)
        messages.grow_old(message, 8)
        return message

    def _offers(self):
        self.offer = self._offered("represent", region="CA-ON")
        self.chapter_offer = self._offered("start_chapter", chapter_name="Riverbend")
        self.talked_offer = self._offered("start_chapter", chapter_name="Meadow")
        self.opened_offer = self._offered("start_chapter", chapter_name="Orchard")
        for offer in (self.talked_offer, self.opened_offer):
            accept(VolunteerOffer.objects.filter(pk=offer.pk), by=self.ada)
        orchard = {"name": "Orchard", "slug": "orchard", "country": "CA", "region": "CA-ON"}
        open_chapter(VolunteerOffer.objects.filter(pk=self.opened_offer.pk), by=self.ada, **orchard)
        self.flagged_offer = self._offered("represent", region="CA-ON", flag_reason="honeypot")

    def _offered(self, kind, **said):
        token, who = secrets.token_hex(16), {"contact": "none", "name": "Nele Nobody", "words": "We would like to."}
        make_offer(OfferSubmission(kind=kind, form_token=token, country="CA", **who, **said))
        return VolunteerOffer.objects.get(form_token=token)

    def _announcements(self):
        self.announcement, self.on_its_way, self.paused = announcement(), announcement(), announcement()
        for sent in (self.on_its_way, self.paused):
            start_sending(Announcement.objects.filter(pk=sent.pk), by=self.ada)
        pause_sending(Announcement.objects.filter(pk=self.paused.pk), by=self.ada)
        self.scheduled_announcement = scheduled(by=self.ada, hours=48)

    def _website(self):
        """A draft that may be published, a published line, and a team member who was taken down."""
        said = {"link": "https://line.example/", "source_words": "We listen.", "checked_on": date(2026, 3, 12)}
        said |= {"country": "Nowhere", "reach": "Phone: 555-0100", "to_check": "Are these the hours?"}
        self.draft_line, self.line = (
            SupportLine.objects.create(
                slug=slug, name=f"The {slug} line", proposed_by=self.ada, is_published=public, **said
            )
            for slug, public in (("draft", False), ("open", True))
        )
        self.text, self.statistic = TextBlock.objects.get(key="our-why", language="en"), Statistic.objects.first()
        said = {"role": "Gardener", "text_block_key": "people/orla-invented", "is_on_site": True, "order": 9}
        self.taken_down = TeamMember.objects.create(name="Orla Invented", **said)
        save_bio(self.taken_down, "en", "# Orla", by=self.ada)
        take_down(self.taken_down, by=self.ada)

    # --- URLs that no page links to

    def from_emails(self):
        """The URLs in emails, both valid and expired."""
        kinds, hour = MemberLink.Purpose, timedelta(hours=1)
        tokens = [make_links([self.rosalind], kind, lasting=hour)[0] for kind in kinds]
        confirm = make_links([self.unconfirmed], kinds.CONFIRM, lasting=hour)[0]
        Representative.objects.filter(pk=self.term.pk).update(emails_written=1)
        renewal = give_renewal_link(Representative.objects.filter(pk=self.term.pk))
        emails = [rsvp_link(self.guest), way_in_link(self.guest)]
        invited = issue_invitation(user=make.person_who_signs_in("invited"), purpose="join_staff")
        return [
            f"/join/confirm/{confirm}/", f"/join/confirm/{confirm}/delete/",
            *(f"/my-details/{token}/" for token in tokens),
            f"/desk/renew/{renewal}/", f"/unsubscribe/{unsubscribe_token(blind_index(cast.ADDRESS))}/",
            *cast.paths_in(" ".join([*emails, invited])),
            *(f"/{over}/over/" for over in ("join/confirm", "my-details", "desk/renew", "meetings/coming",
                                            "meetings/in", "unsubscribe", "invitation")),
        ]  # fmt: skip

    def own_address_links(self, user=None):
        """The URLs in the emails that ask a representative or an admin whether to resume emails."""
        user = user or self.orla
        ask_for_emails_again(user, "en")
        theirs = OutgoingEmail.objects.get(kind=OWNER_ASKS, dedupe_key__contains=f":user {user.pk}:")
        return cast.paths_in(theirs.body)

    def codes(self):
        """Yields (URL, code) of everything that a code opens."""
        return [
            ("/my-details/", self.unconfirmed), ("/representatives/answer/", self.message),
            ("/contact/answer/", self.inquiry), ("/meetings/coming/", self.guest),
            ("/representatives/would-you/answer/", self.offer),
            ("/representatives/would-you/answer/", self.opened_offer),
        ]  # fmt: skip

    def forms(self):
        """The URLs of the forms that visitors can send."""
        return [
            "/join/", "/contact/", "/representatives/would-you/", "/chapters/start/",
            f"/representatives/{self.term.pk}/write/", f"/meetings/{self.meeting.pk}/come/",
        ]  # fmt: skip

    def locked(self):
        """Admin records that open for a reason, one for each state with its own page."""
        members = [self.waiting, self.held, self.rosalind, self.declining, self.closed]
        offers = [self.offer, self.chapter_offer, self.talked_offer, self.opened_offer, self.flagged_offer]
        notes = [f"/manage/chapters/representative/{self.left.pk}/handover-note/"]
        inquiries, messages = [self.flagged_inquiry, self.closed_inquiry], [self.taken_over, self.closed_message]
        kinds = {
            "members/member": members, "chapters/volunteeroffer": offers,
            "members/inquiry": inquiries, "chapters/representativemessage": messages,
        }  # fmt: skip
        return [*(f"/manage/{kind}/{one.pk}/change/" for kind, these in kinds.items() for one in these), *notes]

    def records(self):
        """Other admin pages about one row, and pages that everyone is refused."""
        one = {
            "members/member": [
                "add", f"{self.waiting.pk}/delete",
                f"{self.waiting.pk}/history", f"{self.rosalind.pk}/step-back", f"{self.held.pk}/not-now",
            ],
            "members/announcement": [
                f"{self.announcement.pk}/look", f"{self.announcement.pk}/change", f"{self.announcement.pk}/history",
                f"{self.on_its_way.pk}/progress", f"{self.paused.pk}/progress",
                f"{self.scheduled_announcement.pk}/progress",
            ],
            "chapters/volunteeroffer": [f"{self.talked_offer.pk}/open-chapter"],
            "chapters/representativemessage": [
                f"{it.pk}/change" for it in (self.unread, self.taken_over, self.flagged_message)
            ],
            "chapters/conversationmessage": [f"{it.pk}/change" for it in (self.reported, self.settled)],
            "chapters/representative": [
                f"{it.pk}/change" for it in (self.left, self.prepared, self.term, self.new_term)
            ],
            "mail/outgoingemail": ["add"],
            "accounts/user": [f"{self.orla.pk}/recover", f"{self.orla.pk}/delete"],
            "audit/accesslog": ["add"],
            "content/textblock": ["add", f"{self.text.pk}/change", f"{self.text.pk}/history"],
            "pages/statistic": [f"{self.statistic.pk}/history"],
            "pages/supportline": [
                f"{self.draft_line.pk}/publish", f"{self.line.pk}/change", f"{self.line.pk}/history",
            ],
            "pages/teammember": [f"{self.taken_down.pk}/change", f"{self.taken_down.pk}/history"],
        }  # fmt: skip
        return [f"/manage/{model}/{page}/" for model, pages in one.items() for page in pages]
