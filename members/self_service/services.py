"""Changing what is kept of oneself: answers, the address, how emails come, a word, who sees what."""

from django.db import IntegrityError, models, transaction
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from members import emails as emails
from members.emails import LIST, ONE
from members.self_service.membership import ASKED_FOR
from members.self_service.requested_emails import EMAILS_A_DAY, AskedEmailsQuerySet
from members.self_service.suppressions import SuppressionLiftingQuerySet
from s4jr.crypto.blind_index import blind_index
from s4jr.crypto.fields import readable
from s4jr.mail.mailbox import limit_index, mailbox_indexes
from s4jr.mail.models import OutgoingEmail, Suppression
from s4jr.mail.services import allow_emails, cancel_emails, erase_emails, queue_emails
from s4jr.security.ratelimit import spend

#: What a new address that is given with a code alone must not bring into view.
WORDS = {"message": "", "access_needs": "", "ways_to_help": "", "pronouns": "", "relation": ""}


class ChangingQuerySet(AskedEmailsQuerySet, SuppressionLiftingQuerySet, models.QuerySet):
    # --- answers

    def change(self, **answers):
        """Other answers for these members. What they share with a place or chapter that was theirs, ends. How many."""
        with transaction.atomic():
            changed = self.update(**answers)
            if {"country", "region", "chapter"} & answers.keys():
                self._stop_sharing_elsewhere()
        return changed

    def change_message(self, message):
        """Another message, while nobody has decided for good. Returns how many."""
        return self.filter(status__in=self.model.READS_AS_WAITING).update(message=message)

    def _stop_sharing_elsewhere(self):
        for member in self.only("pk", "country", "region", "chapter"):
            place = member.region or member.country
            here = Q(region=place, chapter=None) if place else Q(pk=None)
            here |= Q(chapter=member.chapter_id) if member.chapter_id else Q(pk=None)
            member.sharings.exclude(here).delete()

    # --- how emails come

    def choose_news(self, wanted, *, proved):
        """News from now on, or none: an announcement that waits is called back. Returns how many.

        A stop from a link in an email is taken back only by who has `proved` the mailbox.
        """
        with transaction.atomic():
            changed = self.update(newsletter=wanted)
            if not wanted:
                cancel_emails(self._emails().to_many())
            elif proved:
                for to_index in self.exclude(email_index=None).values_list("email_index", flat=True):
                    allow_emails(to_index, Suppression.Scope.ANNOUNCEMENTS)
        return changed

    def write_discreetly(self):
        """From now on no email names a cause, nor does one that waits: a welcome is written anew. Returns how many."""
        with transaction.atomic():
            changed = self.exclude(contact=self.model.Contact.DISCREET).update(contact=self.model.Contact.DISCREET)
            if changed:
                self._write_welcome_anew()
                cancel_emails(self._emails().exclude(kind__in=[*ASKED_FOR, "welcome"]))
                self._cancel_emails_about_others()
        return changed

    def _cancel_emails_about_others(self):
        """Cancel what goes to the same addresses for another reason (a message, a meeting), but not what staff get.

        Only where the choice is the owner's: who confirmed a stranger's duplicate by mistake goes on getting emails.
        An application whose email is canceled is named in the next list, which is discreet.
        """
        owners = self.filter(status__in=self.model.PROVED).exclude(email_index=None)
        members = list(owners.only("pk", "number", "email", "email_index"))
        mailboxes = [mailbox_indexes(readable(member, "email")) for member in members]
        indexes = {member.email_index for member in members}.union(*mailboxes)
        of_staff = Q(kind__startswith="admin-") | Q(kind="account") | Q(about__in=[member.about for member in members])
        emails = OutgoingEmail.objects.filter(Q(to_index__in=indexes) | Q(limit_index__in=indexes)).exclude(of_staff)
        if cancel_emails(emails.filter(kind__in=[ONE, LIST])):
            there = Q(email_index__in=indexes) | Q(limit_index__in=indexes)
            self.model.objects.unproved().filter(there).update(list_due_at=timezone.now())
        cancel_emails(emails)

    def _write_welcome_anew(self):
        """Only where it had not left: erased, it makes room for another one of the same event."""
        not_begun_to_leave = [OutgoingEmail.State.PENDING, OutgoingEmail.State.CLAIMED]
        for member in self.all():
            if erase_emails(self._emails_about(member).filter(kind="welcome", state__in=not_begun_to_leave)):
                queue_emails(emails.welcome([member]))

    def never_write(self):
        """The address goes at once, and with it every email that waits, every link and all that a link alone has made:
        a code that it made must not outlast the address. Returns how many."""
        forgotten = {"email": "", "email_index": None, "limit_index": None, "newsletter": False}
        forgotten |= {"new_email": "", "new_email_index": None}
        with transaction.atomic():
            changed = self.update(contact=self.model.Contact.NONE, status=self._status_elsewhere(), **forgotten)
            cancel_emails(self._emails())
            self._links().delete()
            self._of_these("credential_changes").delete()
        return changed

    def ask_for_address(self, email, contact, *, by_code_alone=False, by_link_alone=False, name=""):
        """Another address, theirs once the link in an email there is pressed. Whose it is now does not show.

        Earlier links stay: they work while theirs is the address asked for last (`MemberLink.objects.working`). So a
        second wish for it, for which no second email goes, leaves the first email's link as it is.
        With a code alone what was written goes, also what would help them at meetings: whoever confirms the new address
        could read it. False, and nothing is changed, after EMAILS_A_DAY with the same proof: whoever holds one thing
        uses up nothing of whoever holds two. What counts is how often they asked, not how many emails went.
        """
        proof = "code" if by_code_alone else "link" if by_link_alone else "both"
        gone = {**WORDS, "name": name} if by_code_alone else {}
        with transaction.atomic():
            asking = self.values_list("number", flat=True)
            if not all(spend("addresses asked for", f"{number} {proof}", f"{EMAILS_A_DAY}/d") for number in asking):
                return False
            self.update(new_email=email, new_email_index=blind_index(email), contact=contact, **gone)
            if by_code_alone:
                self._of_these("rsvps").update(needs="")
            for member in self.all():
                self._ask_new_address(member, email, by_link_alone=by_link_alone)
        return True

    def _ask_new_address(self, member, email, *, by_link_alone):
        """A link is made whether an email goes or not: the address to come is forgotten when its link ends."""
        [token] = emails.make_change_link(member, by_link_alone=by_link_alone)
        self._write_change_email(lambda event: emails.confirm_change(member, event, token), email)

    def forget_new_address(self):
        """They thought better of it: the address that was to come goes, and its email. Returns how many."""
        with transaction.atomic():
            cancel_emails(self._emails().filter(kind="confirm-change"))
            self._change_links().delete()
            forgotten = self.exclude(new_email_index=None).update(new_email="", new_email_index=None)
            self.filter(email_index=None).update(contact=self.model.Contact.NONE)
        return forgotten

    def take_new_address(self, link):
        """The new mailbox is theirs: from now on it is the address, and the old one is told. Where an email link alone
        asked for it, the old one is kept for 30 days beside it.

        True also where it was pressed before; False where another live application has the address.
        """
        member = self.get(pk=link.member_id)
        if member.email_index == link.to_index:
            return True
        try:
            with transaction.atomic():
                self._move(member, link)
        except IntegrityError:
            return False
        return True

    def _move(self, member, link):
        """Raises IntegrityError where another live application has the address."""
        member.credential_changes.of_address(member)  # locked in the order of `cancel_changes`
        to_come = self.filter(pk=member.pk, new_email_index=link.to_index)
        moved = {"email": member.new_email, "email_index": link.to_index, "limit_index": limit_index(member.new_email)}
        moved |= {"new_email": "", "new_email_index": None}
        # News stop for everybody: what was carried along would tell of a stop at the earlier address.
        if to_come.update(**moved, newsletter=False, status=self._status_elsewhere()):
            cancel_emails(self._emails_about(member).exclude(to_index=link.to_index))
            allow_emails(link.to_index)
            type(link).objects.filter(pk=link.pk).use()
            if member.email_index:
                self._keep_earlier_address(member, link)

    def _keep_earlier_address(self, member, link):
        """Whatever their status, it can be put back. The old address of a duplicate is a member's, who is not told."""
        earlier = readable(member, "email")
        member.credential_changes.keep_earlier_address(member, earlier, link)
        if earlier and member.status != self.model.Status.DUPLICATE_ADDRESS:
            queue_emails([emails.address_changed(member, link)])

    def put_back_address(self, email):
        """This address is theirs again, which an email link alone had moved; nothing that waits goes to the other one.

        They have none where another live application has it by now, or where it could not be decrypted. Either way a
        duplicate waits for a volunteer again: as a duplicate it would be read by nobody, and could not leave.
        """
        index = blind_index(email) if email else None
        earlier = {"email": email, "email_index": index, "limit_index": limit_index(email)}
        try:
            with transaction.atomic():
                self.exclude(email_index=None).update(**earlier, status=self._status_elsewhere())
        except IntegrityError:
            index = None
        if index:
            cancel_emails(self._emails().exclude(to_index=index))
        else:
            self.never_write()

    def _status_elsewhere(self):
        """A duplicate that leaves the address it shares is an application like any other, and waits for a volunteer."""
        statuses = self.model.Status
        return Case(When(status=statuses.DUPLICATE_ADDRESS, then=Value(statuses.WAITING)), default=F("status"))

    # --- what opens their details

    def set_word(self, word_hash):
        """Another word from now on, or none. Returns how many."""
        return self.update(word_hash=word_hash)

    def _links(self):
        return self._of_these("links")

    def _of_these(self, name):
        """What belongs to these members, by the name that a member has for it."""
        return self.model._meta.get_field(name).related_model.objects.filter(member__in=self)

    def _change_links(self):
        links = self._links()
        return links.filter(purpose=links.model.Purpose.CHANGE)

    def _emails_about(self, member):
        return OutgoingEmail.objects.filter(about=member.about)
