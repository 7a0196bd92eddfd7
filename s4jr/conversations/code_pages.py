"""The pages behind a status code: read the answers, write again, delete everything.

The code is in no URL and no session: each page asks for it again. A code alone shows nothing that its holder wrote.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from s4jr.conversations.forms import Act, CodeForm, NextMessageForm
from s4jr.security.constant_time import in_even_steps
from s4jr.security.ratelimit import peer_key, spend, too_many
from s4jr.security.status_code import code_hash, code_of_form
from s4jr.security.storage_limits import NO_ROOM, take_in
from s4jr.security.submission_token import FormKind

#: Only wrong codes are counted; a correct one is never refused.
WRONG_CODES = "20/h"
WORDS_WITH_ONE_CODE = "20/d"


def sent_page(request: HttpRequest, kind: FormKind, template: str, **seen: Any) -> HttpResponse:
    """The page after a form was submitted. It shows the code once."""
    token, code_was_shown = kind.sent_last(request)
    code = code_of_form(token) if token and not code_was_shown else ""
    response = render(request, template, {"code": code, "code_was_shown": code_was_shown, **seen})
    if code:
        kind.remember(response, token, code_was_shown=True)
    return response


class CodePages:
    """The pages of one kind of conversation. `url_names` is the prefix of its URL names, as in `message_answer`.

    `threads` is a QuerySet of one row.
    """

    code_form: type[CodeForm]
    next_form: type[NextMessageForm]
    templates, url_names = "", ""
    #: Names of the two rate limits.
    wrong_codes, words_with_one_code = "", ""

    # --- overridden by each kind

    def load(self, threads: Any) -> Any:
        """The thread without what its sender wrote, or None."""
        raise NotImplementedError

    def seen_with(self, thread: Any) -> dict[str, Any]:
        """What the page shows of a thread besides its answers."""
        raise NotImplementedError

    def add_message(self, threads: Any, words: str, form_token: str) -> None:
        raise NotImplementedError

    def erase(self, threads: Any) -> Any:
        raise NotImplementedError

    def acts(self) -> dict[str, Callable[[HttpRequest, Any], HttpResponse]]:
        """The handler of each button."""
        return {Act.LOOK: self.look, Act.WRITE: self._write_again, Act.ERASE: self._erase}

    # --- shared by all kinds

    def answer(self, request: HttpRequest) -> HttpResponse:
        return self._with_code(request) if request.method == "POST" else self.ask_for_code(request)

    @in_even_steps
    def _with_code(self, request: HttpRequest) -> HttpResponse:
        form = self.code_form(request.POST)
        if form.is_valid():
            return self.acts()[form.act](request, form)
        if form.is_wrong and not spend(self.wrong_codes, peer_key(request), WRONG_CODES):
            return too_many(request)
        return self._code_page(request, form)

    def ask_for_code(self, request: HttpRequest, *, done: str = "") -> HttpResponse:
        """The page that asks for the code; `done` names what was just done."""
        return self._code_page(request, self.code_form(), done=done)

    def _code_page(self, request: HttpRequest, form: CodeForm, *, done: str = "") -> HttpResponse:
        seen = {"form": form, "done": done, "action": reverse(f"{self.url_names}_answer")}
        return render(request, f"{self.templates}/code.html", seen)

    def look(self, request: HttpRequest, code_form: Any, *, done: str = "", **seen: Any) -> HttpResponse:
        """The answers and the status of the thread."""
        thread = self.load(code_form.whose)
        if thread is None:  # erased concurrently from another window
            return self.erased_page(request)
        page = {
            "answers": thread.said.filter(is_answer=True),
            "code": code_form.cleaned_data["code"],
            "done": done,
            **self.seen_with(thread),
            **seen,
        }
        if "form" not in page:
            page["form"] = self.next_form.blank(request)
        return render(request, f"{self.templates}/answer.html", page)

    def _write_again(self, request: HttpRequest, code_form: Any) -> HttpResponse:
        form = self.next_form(request.POST)
        if not form.is_valid():
            return self.look(request, code_form, form=form)
        if not spend(self.words_with_one_code, code_hash(code_form.cleaned_data["code"]), WORDS_WITH_ONE_CODE):
            return self.look(request, code_form, form=form, done="too_much")
        if not take_in(request, is_clean=True).has_room:
            form.add_error(None, NO_ROOM)
            return self.look(request, code_form, form=form)
        self.add_message(code_form.whose, form.cleaned_data["words"], form.mark)
        return redirect(f"{self.url_names}_added")

    def _erase(self, request: HttpRequest, code_form: Any) -> HttpResponse:
        self.erase(code_form.whose)
        return redirect(f"{self.url_names}_deleted")

    def erased_page(self, request: HttpRequest) -> HttpResponse:
        return render(request, f"{self.templates}/erased.html")
