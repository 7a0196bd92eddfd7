"""The “Edit this” page: edits one text and returns to where it stands."""

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from s4jr.accounts.requests import signed_in_user
from s4jr.content import validators
from s4jr.content.forms import TextBlockForm, WhereForm
from s4jr.content.live_texts import LiveTexts
from s4jr.content.models import TextBlock


@require_http_methods(["GET", "POST"])
@permission_required("content.change_textblock", raise_exception=True)
def edit_text_block(request: HttpRequest, key: str) -> HttpResponse:
    where = WhereForm(request.GET)
    if not where.is_valid():
        raise Http404
    language, back = where.cleaned_data["language"], where.cleaned_data["back"]
    text_block = get_object_or_404(TextBlock, key=key, language=language)
    form = TextBlockForm(request.POST or None, text_block=text_block)
    if form.is_valid() and request.POST.get("action") != "preview":
        form.save(by=signed_in_user(request))
        return HttpResponseRedirect(f"{back}#text-block-{key}")
    context = {
        "form": form,
        "text_block": text_block,
        **_previews(form, key, language),
        "back": back,
        "revisions": text_block.revisions.select_related("replaced_by")[:10],
    }
    return render(request, "content/edit.html", context)


def _previews(form, key, language):
    """How the submitted words will read; empty if they cannot be saved."""
    text = form.cleaned_data.get("text") if form.is_bound else None
    if text is None:
        return {}
    plain = validators.plain_previews(key, language, text)
    return {"plain_previews": plain} if plain else {"preview": LiveTexts(language).preview(key, text)}
