"""Walks the pages of members, representatives and admins with undecryptable cells, and selects each button.

Each action is rolled back (`tests.crawl`). Before that, the walk notes failures and changes to broken cells.
"""

from http import HTTPStatus

from django.db import connection, transaction
from django.test import Client
from django.urls import resolve, reverse

from members.models import Member
from members.self_service.section_forms import Part
from s4jr.audit.models import AccessLog
from s4jr.crypto import unreadable_text
from s4jr.crypto.fields import DecryptionError, decrypt
from s4jr.mail.models import OutgoingEmail
from s4jr.security.status_code import code_of_form
from tests import cast
from tests.attack.undecryptable import BROKEN, COLUMNS, primary_keys
from tests.crawl import Ways, inside_site, route_of
from tests.e2e.everywhere import LEAVE_OUT, OF_SIGNING_IN, signed_in
from tests.e2e.full_site import Full


class BrokenWalk:
    """Requests pages and submits each form on them unchanged.

    Actions are named by method and URL. `failed`: (action, status) of server errors. `refused`: actions answered with
    409. `written`: (action, column) of overwritten broken cells. `told`: (action, column) of page text that was saved
    into a cell.
    """

    def __init__(self, who, client, contexts):
        self.who, self.client, self.contexts = who, client, contexts
        client.raise_request_exception = False
        self.keys = {context: primary_keys(context) for context in contexts}
        self.failed, self.refused, self.written, self.told = set(), set(), set(), set()
        self.seen, self.asked = set(), 0

    def walk(self, pages):
        for path in pages:
            self.submit_all(path, self.ask("get", path))

    def submit_all(self, path, html):
        for form in Ways(html).forms:
            for name, value, elsewhere in form.buttons or [(None, "", None)]:
                self._press(path, form, name, value, elsewhere or form.action)

    def _press(self, path, form, name, value, action):
        target = inside_site(path, action) or path
        press = (form.method, target, name, value, *form.fields)
        if press in self.seen or route_of(target) in (*LEAVE_OUT, None):
            return
        self.seen.add(press)
        self.ask(form.method, target, {**form.fields, **({name: [value]} if name else {})})

    def ask(self, method, path, data=None):
        """Returns the HTML of the response.

        It notes what the request wrote and rolls that back.
        """
        cookies = self.client.cookies.copy()
        with transaction.atomic():
            response = getattr(self.client, method)(path, data, follow=True)
            self._note(response, method, path, data or {})
            transaction.set_rollback(True)
        self.client.cookies = cookies
        is_html = response.get("Content-Type", "").startswith("text/html")
        return response.content.decode() if is_html and not response.streaming else ""

    def _note(self, response, method, path, data):
        self.asked += 1
        said = " ".join(data[name][0] for name in ("do", "action") if data.get(name))
        word = resolve(path.partition("?")[0]).kwargs.get("word", "")
        press = " ".join(filter(None, [method, route_of(path), word, said]))
        if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            self.failed.add((press, path, response.status_code))
        if response.status_code == HTTPStatus.CONFLICT:
            self.refused.add(press)
        for context in self.contexts if method == "post" else []:
            self._note_cells(press, context)

    def _note_cells(self, press, context):
        words = unreadable_text.words_for_people(), unreadable_text.words_for_admins()
        for key, token in readable_cells(context):
            if key in self.keys[context]:
                self.written.add((press, context))
            if any(said in opened(token, context) for said in words):
                self.told.add((press, context))


def readable_cells(context):
    """Returns (primary key, token) of each cell of a column that is not broken."""
    model, field = COLUMNS[context]
    table, column, key = (
        connection.ops.quote_name(name) for name in (model._meta.db_table, field.column, model._meta.pk.column)
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key}, {column} FROM {table} WHERE {column} <> '{BROKEN}'")
        return cursor.fetchall()


def opened(token, context):
    try:
        return decrypt(token, context)
    except DecryptionError:
        return ""


# --- users who walk the pages


def everybody():
    """Returns the arguments of `walked` for each user, who signs in here, before any cell is broken."""
    world = Full()
    return [_member(world), _applicant(world), _representative(world), _admin(world), _visitor(world)]


def _member(world):
    """Signs in with an email link and the status code, which shows everything we store."""
    client, member = Client(), world.rosalind
    Member.objects.filter(pk=member.pk).update(word_hash="")
    client.post("/my-details/", {"do": "send_link", "email": cast.ADDRESS})
    client.post(cast.paths_in(OutgoingEmail.objects.filter(kind="open-details").latest("created_at").body)[0])
    client.post("/my-details/", {"do": "give_code", "code": code_of_form(member.form_token)})
    pages = ["/my-details/", "/my-details/all/show/", f"/my-details/meetings/{world.meeting.pk}/"]
    pages += [reverse("my_details_change", args=[part]) for part in Part]
    return "member", client, pages


def _applicant(world):
    client = Client()
    client.post("/my-details/", {"code": code_of_form(world.waiting.form_token)})
    pages = [reverse("my_details_change", args=[part]) for part in Part]
    return "applicant", client, ["/my-details/", "/my-details/all/show/", *pages]


def _representative(world):
    client, term = signed_in(world.orla), world.term.pk
    pages = [f"/desk/{term}/{page}/" for page in ("card", "words", "members", "step-down", "first/card")]
    pages += [f"/desk/messages/{message.pk}/" for message in (world.message, world.open_message)]
    pages += [f"/desk/meetings/{series.pk}/{end}" for series in (world.series, world.draft) for end in ("", "change/")]
    pages += [f"/desk/meetings/evening/{world.meeting.pk}/", f"/desk/evenings/{world.among_representatives.pk}/"]
    return "representative", client, ["/desk/", "/desk/email/", *pages, *world.own_address_links()]


def _admin(world):
    client = signed_in(world.ada)
    client.post("/manage/members/member/read/")
    for path in world.locked():
        client.post(path, {"reason": "to answer"})
    users = [f"/manage/accounts/user/{user.pk}/change/" for user in (world.ada, world.orla)]
    log = [f"/manage/audit/accesslog/{AccessLog.objects.latest('pk').pk}/change/"]
    pages = ["/manage/members/member/read/next/", *world.locked(), *world.records(), *users, *log]
    return "admin", client, [*pages, *OF_SIGNING_IN]


def _visitor(world):
    """Has codes that open a conversation, an RSVP and an offer, and the links in emails."""
    return "visitor", Client(), [*world.forms(), *world.from_emails()], world.codes()


def walked(who, client, pages, codes=(), *, contexts):
    """Returns the BrokenWalk of one of these users."""
    walk = BrokenWalk(who, client, contexts)
    walk.walk(pages)
    for path, whose in codes:
        html = walk.ask("post", path, {"code": [code_of_form(whose.form_token)], "do": ["look"]})
        walk.submit_all(path, html)
    return walk
