"""Gathers every page of the site in every state, as five users see it, without a browser."""

from contextlib import contextmanager, suppress

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib import admin
from django.db import transaction
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import timezone
from django.views.i18n import JavaScriptCatalog

from members.models import Member
from s4jr.mail.models import SendingPause
from s4jr.security.status_code import code_of_form
from tests import make
from tests.accounts.test_passkeys import browser, with_passkey
from tests.crawl import Walk
from tests.e2e.full_site import Full

#: These are not pages: files, feeds, endpoints for scripts and monitors, exits, and redirects.
NO_PAGE = {
    "healthz": "for monitors",
    "readyz": "for monitors",
    "robots": "a file",
    "sitemap": "a file",
    "security": "a file",
    "every_meeting_feed": "a calendar",
    "meeting_feed": "a calendar",
    "chapter_feed": "a calendar",
    "place_feed": "a calendar",
    "kind_feed": "a calendar",
    "series_feed": "a calendar",
    "own_calendar": "a calendar",
    "representative_photo": "a picture",
    "representative_photo_draft": "a picture",
    "admin_guide_picture": "a picture",
    "team_member_photo": "a picture",
    "admin:pages_teammember_photo": "a picture",
    "exit": "leads away",
    "account_stay": "answers a script",
    "admin:jsi18n": "a script",
    "admin:autocomplete": "answers a script",
    "admin:view_on_site": "leads on",
    "admin:login": "leads to account_login",
    "admin:app_list": "leads to admin:index",
    "admin:password_change": "leads to account_change_password",
    "admin:password_change_done": "leads to mfa_index",
}

LEAVE_OUT = {*NO_PAGE, "account_logout", "admin:logout"}
#: No page links to these, so the walks request them by name.
UNLINKED = [
    "/sources/", "/representatives/?country=CA", "/fr/", "/es/", "/fr/join/", "/es/join/", "/nowhere/",
    *(f"/account/{path}/" for path in ("signup", "inactive", "password/set", "password/reset")),
    "/my-details/deleted/", "/my-details/link-sent/", "/my-details/left/", "/my-details/no-more-emails/",
    "/my-details/new-code/",
    "/contact/answer/deleted/", "/representatives/answer/deleted/", "/representatives/would-you/answer/deleted/",
    "/meetings/coming/canceled/", "/meetings/coming/done/", "/contact/answer/added/", "/representatives/answer/added/",
    "/representatives/answer/reported/", "/my-details/address-corrected/", "/my-details/sent-again/",
    "/my-details/address-confirmed/", "/my-details/emails-again/", "/join/confirm/done/", "/join/confirm/deleted/",
    "/unsubscribe/done/", "/unsubscribe/done/news/",
]  # fmt: skip
OF_SIGNING_IN = [
    f"/account/{path}/" for path in (
        "known-as", "reauthenticate", "password/change", "2fa", "2fa/authenticate", "2fa/reauthenticate",
        "2fa/passkeys/login", "2fa/passkeys/reauthenticate", "2fa/passkeys/add", "2fa/totp/activate",
        "2fa/totp/deactivate", "2fa/recovery-codes", "2fa/recovery-codes/generate", "typed",
    )
]  # fmt: skip
#: Admin models with a delete page to look at: the page for the first row of each.
DELETING = ["mail/outgoingemail", "mail/suppression", "pages/statistic", "pages/teammember", "pages/supportline",
            "audit/accesslog", "content/textblock"]  # fmt: skip


def names(resolver=None, space=""):
    """Lists the names of all URLs, with their namespaces; leaves out Django's unnamed redirects."""
    for entry in (resolver or get_resolver()).url_patterns:
        if hasattr(entry, "url_patterns"):
            yield from names(entry, f"{entry.namespace}:" if entry.namespace else space)
        elif entry.name:
            yield f"{space}{entry.name}"


# --- users


@contextmanager
def thrown_away():
    """Rolls back everything written inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def everybody():
    """Yields the Walks of an empty and a full site by a visitor, a member, three representatives and admins."""
    empty = [
        Walk("visitor of an empty site", Client(), LEAVE_OUT).from_("/"),
        Walk("admin of an empty site", signed_in(make.admin("grace")), LEAVE_OUT).from_("/manage/"),
    ]
    world = Full()
    return [*empty, _visitor(world), _applicant(), *_member(world), *_representatives(world), *_admins(world)]


def signed_in(user):
    client = Client()
    make.second_factor(user)
    make.sign_in(client, user)
    client.post("/account/2fa/authenticate/", {"code": make.code_of(user)})
    return client


def _visitor(world):
    walk = Walk("visitor", Client(), LEAVE_OUT).from_("/", *UNLINKED, *world.forms(), *world.from_emails())
    _with_codes(walk, world)
    _filled_in(walk, world)
    return walk.from_()


def _with_codes(walk, world):
    """Shows the pages for a valid code and an invalid one."""
    for path, whose in world.codes():
        for code, state in ((code_of_form(whose.form_token), "a right code"), ("AAAA-BBBB-CCCC", "a wrong code")):
            walk.press("post", path, {"code": code, "do": "look"}, state)


def _filled_in(walk, world):
    """Sends forms, to show the pages that confirm it and display the code once."""
    who = {"name": "Dunja", "contact": "none", "words": "Hello.", "country": "CA", "region": "CA-ON"}
    agreed = {"agreement": "on", "consent": "on", "topic": "press", "kind": "represent", "chapter_name": "Riverbend"}
    for path in world.forms():
        walk.press("post", path, {**who, **agreed, "step": "send", "form_token": f"for {path}"}, "filled in")
    walk.press("post", "/join/", {**who, **agreed, "step": "check"}, "to be checked")


def _applicant():
    """A person who has just applied and asked for discreet emails."""
    client = Client()
    who = {"name": "Dunja", "contact": "discreet", "email": "dunja@mailbox.example", "country": "CA", "region": "CA-ON"}
    client.post("/join/", {**who, "agreement": "on", "consent": "on", "step": "send", "form_token": "for a word"})
    return Walk("applicant", client, LEAVE_OUT, follows=False).from_("/join/received/", "/join/secret-word/")


def _member(world):
    """Rosalind with only her code, and with a sign-in link, which shows what she wrote."""
    client = Client()
    client.post("/my-details/", {"code": code_of_form(world.rosalind.form_token)}, follow=True)
    Member.objects.filter(pk=world.rosalind.pk).update(word_hash="")
    by_code = Walk("member", client, LEAVE_OUT).from_("/my-details/", f"/my-details/meetings/{world.meeting.pk}/")
    by_link = Client()
    by_link.post(f"/my-details/{world.sign_in_token()}/")
    return by_code, Walk("member who sees everything", by_link, LEAVE_OUT, follows=False).from_("/my-details/skills/")


def _representatives(world):
    """One with a visible profile and a hidden one, and one on their first visit."""
    orla = Walk("representative", signed_in(world.orla), LEAVE_OUT).from_(
        "/desk/", f"/desk/{world.hidden.pk}/card/", f"/desk/{world.term.pk}/card/",
        f"/desk/messages/{world.open_message.pk}/",
        f"/desk/evenings/{world.among_representatives.pk}/", f"/desk/meetings/{world.draft.pk}/", "/desk/messages/",
        f"/desk/meetings/{world.draft.pk}/publish/", *_first_visit(world.term), *OF_SIGNING_IN,
        f"/desk/{world.term.pk}/skills/", f"/desk/{world.term.pk}/skills/{world.skill.pk}/ask/",
        f"/desk/{world.term.pk}/skills/{world.agreed.pk}/plan/",
        "/desk/email/", f"/desk/{world.term.pk}/step-down/", *world.own_address_links(),
        f"/desk/meetings/evening/{world.in_person.pk}/", f"/desk/meetings/evening/{world.in_person.pk}/guests/",
        "/desk/together/", *(f"/desk/together/{page}/" for page in ("people", "meetings", "handbook", "messages")),
        "/desk/together/messages/write/",
    )  # fmt: skip
    nell = Walk("new representative", signed_in(world.newcomer), LEAVE_OUT, follows=False)
    return orla, nell.from_("/desk/", *_first_visit(world.new_term))


def _first_visit(term):
    return [f"/desk/{term.pk}/first/{step}/" for step in ("sign-in", "public", "card", "messages", "meeting")]


def _admins(world):
    client = signed_in(world.ada)
    client.post("/manage/members/member/read/")  # starts a review session
    unopened = Walk("admin who gave no reason yet", client, LEAVE_OUT, follows=False).from_(*world.locked()[:1])
    for path in world.locked():
        client.post(path, {"reason": "to answer"})
    ada = Walk("admin", client, LEAVE_OUT).from_(
        "/manage/", "/", "/styleguide/", "/manage/members/member/read/next/",
        *world.locked(), *world.records(), *_delete_pages(), *_history_pages(), *OF_SIGNING_IN,
        "/account/emails/", *world.own_address_links(world.ada),
    )  # fmt: skip
    paused = _while_sending_is_paused(client)
    phone = browser()
    passkey = Authenticator.objects.get(user=with_passkey(phone)[0], type=Authenticator.Type.WEBAUTHN)
    by_passkey = Walk("admin with a passkey", phone, LEAVE_OUT, follows=False)
    by_passkey.from_(*OF_SIGNING_IN, reverse("mfa_remove_webauthn", args=[passkey.pk]))
    return unopened, ada, paused, by_passkey


def _while_sending_is_paused(client):
    """The front page with the reason why no email leaves, and its button."""
    now = timezone.now()
    pause = SendingPause.objects.create(cause="relay", reply="550 5.7.1", began_at=now, next_try_at=now, tries=1)
    walk = Walk("admin while no email leaves", client, LEAVE_OUT, follows=False).from_("/manage/")
    pause.delete()
    return walk


def _history_pages():
    """The history of one row of each model that has such a page. No page links to an empty history."""
    for model in admin.site._registry:
        with suppress(NoReverseMatch):
            row = model._default_manager.first()
            yield reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_history", args=[row.pk])


def made_scripts():
    """Maps the URLs of the admin's generated scripts to their content."""
    words = JavaScriptCatalog.as_view(packages=["django.contrib.admin"])(RequestFactory().get("/")).content
    return {"/manage/jsi18n/": words}


def _delete_pages():
    for model in DELETING:
        rows = apps.get_model(model.replace("/", "."))._default_manager.order_by("pk")
        yield f"/manage/{model}/{rows.first().pk}/delete/"
