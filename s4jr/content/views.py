"""The “Edit this” page: edits a text, says what was saved and where readers see it, and goes back to earlier texts."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from s4jr.accounts.requests import signed_in_user
from s4jr.conflicts import ChangedMeanwhileError
from s4jr.content import catalog, validators
from s4jr.content.changes import changed_lines
from s4jr.content.forms import TextBlockForm, WhereForm
from s4jr.content.live_texts import LiveTexts, split
from s4jr.content.models import TextBlock, TextBlockRevision
from s4jr.content.services import hide_texts, show_texts

EARLIER_SHOWN = 10


@require_http_methods(["GET", "POST"])
@permission_required("content.change_textblock", raise_exception=True)
def edit_text_block(request: HttpRequest, key: str) -> HttpResponse:
    where = WhereForm(request.GET)
    if not where.is_valid():
        raise Http404
    text_block = get_object_or_404(TextBlock, key=key, language=where.cleaned_data["language"])
    act = ACTIONS.get(request.POST.get("action", ""))
    if act:
        return act(request, text_block, where.cleaned_data)
    submitted = _submitted(request, text_block)
    form = TextBlockForm(submitted, text_block=text_block)
    if form.is_valid() and request.POST.get("action") != "preview":
        try:
            return _to_saved(text_block, form.save(by=signed_in_user(request)), where.cleaned_data)
        except ChangedMeanwhileError:
            text_block.refresh_from_db()
            form = TextBlockForm(submitted, text_block=text_block)
            form.full_clean()  # finds the conflict, and shows what the other editor saved
    return render(request, "content/edit.html", _context(form, text_block, where.cleaned_data))


def _submitted(request: HttpRequest, text_block: TextBlock) -> QueryDict | None:
    """What was typed, or the earlier version to go back to: checked too, since what an email needs may have changed."""
    if request.POST.get("action") != "restore":
        return request.POST or None
    chosen = request.POST.get("revision", "")
    revision = get_object_or_404(text_block.revisions, pk=chosen if chosen.isdecimal() else 0)
    submitted = request.POST.copy()
    submitted["text"] = revision.text
    return submitted


def _context(form: TextBlockForm, text_block: TextBlock, where: dict[str, Any]) -> dict[str, Any]:
    rows = TextBlock.objects.filter(key=text_block.key).in_order_of_languages()
    revisions = list(text_block.revisions.select_related("replaced_by")[:EARLIER_SHOWN])
    return {
        "form": form,
        "text_block": text_block,
        "name": catalog.email_name(text_block.key) or split(text_block.text)[0] or text_block.key,
        "is_email": catalog.is_email(text_block.key),
        "places": catalog.places_of(text_block.key),
        "may_hide": catalog.may_hide(text_block.key),
        "languages": [(row, _address_of(row, back=where["back"])) for row in rows],
        "back": where["back"],
        "revisions": revisions,
        **_previews(form, text_block),
        **_saved(text_block, revisions, where["saved"]),
    }


def _previews(form, text_block):
    """How the submitted words will read; empty if they cannot be saved."""
    text = form.cleaned_data.get("text") if form.is_bound else None
    if text is None:
        return {}
    plain = validators.plain_previews(text_block.key, text_block.language, text)
    if plain:
        return {"plain_previews": plain}
    return {"preview": LiveTexts(text_block.language).preview(text_block.key, text)}


def _saved(text_block: TextBlock, revisions: list[TextBlockRevision], saved: int | None) -> dict[str, Any]:
    """What the last save changed; nothing once somebody saved after it. 0 stands for a save without a change."""
    if saved == 0:
        return {"is_unchanged": True}
    if saved is None or not revisions or revisions[0].pk != saved:
        return {}
    return {"replaced": revisions[0], "changed_lines": changed_lines(revisions[0].text, text_block.text)}


def _address_of(text_block: TextBlock, **query: Any) -> str:
    address = reverse("edit_text_block", args=[text_block.key])
    return f"{address}?{urlencode({'language': text_block.language, **query}, safe='/')}"


def _to_saved(text_block: TextBlock, replaced: TextBlockRevision | None, where: dict[str, Any]) -> HttpResponse:
    return HttpResponseRedirect(_address_of(text_block, back=where["back"], saved=replaced.pk if replaced else 0))


# --- the other buttons of the page


def _hide(request: HttpRequest, text_block: TextBlock, where: dict[str, Any]) -> HttpResponse:
    count = hide_texts(TextBlock.objects.filter(pk=text_block.pk), by=signed_in_user(request))
    said = (
        _("“%(title)s” is hidden from the site, in every language. No email was sent. To undo, select “Show again.”")
        if count
        else _("Nothing changed: “%(title)s” is already hidden, or the site can’t do without it.")
    )
    return _say(request, text_block, where, said)


def _show(request: HttpRequest, text_block: TextBlock, where: dict[str, Any]) -> HttpResponse:
    count = show_texts(TextBlock.objects.filter(pk=text_block.pk), by=signed_in_user(request))
    said = (
        _("“%(title)s” is on the site again, in every language. No email was sent. To undo, select “Hide.”")
        if count
        else _("Nothing changed: “%(title)s” is already on the site.")
    )
    return _say(request, text_block, where, said)


def _say(request: HttpRequest, text_block: TextBlock, where: dict[str, Any], said: str) -> HttpResponse:
    messages.success(request, said % {"title": split(text_block.text)[0]})
    return HttpResponseRedirect(_address_of(text_block, back=where["back"]))


#: Buttons that do not send the text: {the value of `action`: what answers it}.
ACTIONS: dict[str, Callable[..., HttpResponse]] = {"hide": _hide, "show": _show}
