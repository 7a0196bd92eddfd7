"""The address somebody had before an email link alone moved it: kept for 30 days, so that their code puts it back."""

from django.db import models
from django.utils import timezone


class CredentialChangeQuerySet(models.QuerySet):
    def of_address(self, member):
        """The one by which this member's address was moved, locked, or None."""
        return self.filter(member=member, kind=self.model.Kind.ADDRESS).select_for_update().first()

    def keep_earlier_address(self, member, earlier_email, link):
        """Keep what their address was before this link moved it; where it was moved by more than a link, nothing.

        Moved twice it is the first one that is kept, for 30 days from the second time.
        """
        moved = self.of_address(member)
        if not link.by_link_alone:
            self.filter(member=member, kind=self.model.Kind.ADDRESS).delete()
        elif moved:
            self.filter(pk=moved.pk).update(value_hash=link.token_hash, made_at=timezone.now())
        else:
            made = {"value_hash": link.token_hash, "earlier_email": earlier_email, "made_at": timezone.now()}
            self.create(member=member, kind=self.model.Kind.ADDRESS, **made)
