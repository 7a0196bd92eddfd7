"""Letters in the admin: what became of them, never what they say or to whom."""

import uuid

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from s4jr.mail.forms import TestLetterForm
from s4jr.mail.letters import Letter, write_from
from s4jr.mail.models import OutgoingEmail, Suppression
from s4jr.privacy.limits import limited
from s4jr.privacy.models import AccessLog
from s4jr.words.texts import passage


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that only the site itself writes."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(OutgoingEmail)
class OutgoingEmailAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "state", "created_at", "attempts", "next_attempt_at", "sent_at", "last_error"]
    list_filter = ["state", "kind"]
    fields = ["kind", "state", "created_at", "attempts", "next_attempt_at", "sent_at", "last_error", "language"]
    actions = ["send_again", "it_arrived"]
    show_full_result_count = False
    list_per_page = 50

    def get_urls(self):
        view = limited("test letter", "10/h")(self.test_letter)
        test = path("test/", self.admin_site.admin_view(view), name="mail_test_letter")
        return [test, *super().get_urls()]

    def has_send_permission(self, request):
        return request.user.has_perm("mail.change_outgoingemail")

    @admin.action(description=_("Send again"), permissions=["send"])
    def send_again(self, request, queryset):
        self._report(request, queryset, queryset.send_again)

    @admin.action(description=_("It arrived"), permissions=["send"])
    def it_arrived(self, request, queryset):
        self._report(request, queryset, queryset.mark_arrived)

    def _report(self, request, queryset, verb):
        letters = list(queryset.only("pk"))
        count = verb()
        AccessLog.objects.note(who=request.user, action=AccessLog.Action.SENT, records=letters, field_names=["state"])
        said = ngettext("%(count)d letter changed.", "%(count)d letters changed.", count) % {"count": count}
        self.message_user(request, said, messages.SUCCESS if count else messages.WARNING)

    def test_letter(self, request):
        if not self.has_send_permission(request):
            raise PermissionDenied
        form = TestLetterForm(request.POST or None, initial={"to": request.user.address})
        if request.method == "POST" and form.is_valid():
            return self._send_test_letter(request, form.cleaned_data["to"])
        context = {**self.admin_site.each_context(request), "form": form, "title": gettext("Send me a test letter")}
        return render(request, "admin/mail/test_letter.html", context)

    def _send_test_letter(self, request, to):
        subject, body = write_from(passage("letters/test", request.LANGUAGE_CODE))
        letter = Letter(to=to, subject=subject, body=body, kind="test", dedupe_key=f"test:{uuid.uuid4()}")
        if OutgoingEmail.objects.write([letter]):
            messages.success(request, _("The test letter is in the outbox. Its state stands in this list."))
        else:
            messages.warning(request, _("This address asked for no letters, so none was written."))
        return redirect(reverse("admin:mail_outgoingemail_changelist"))


@admin.register(Suppression)
class SuppressionAdmin(ReadOnlyAdmin):
    list_display = ["reason", "created_on"]
    list_filter = ["reason"]
