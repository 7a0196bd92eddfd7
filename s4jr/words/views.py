"""“Edit this”: one text on its own page, and back to the very spot."""

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from s4jr.words import rules
from s4jr.words.forms import PassageForm, WhereForm
from s4jr.words.models import Passage
from s4jr.words.texts import LiveTexts


@require_http_methods(["GET", "POST"])
@permission_required("words.change_passage", raise_exception=True)
def edit_passage(request, key):
    where = WhereForm(request.GET)
    if not where.is_valid():
        raise Http404
    language, back = where.cleaned_data["language"], where.cleaned_data["back"]
    passage = get_object_or_404(Passage, key=key, language=language)
    form = PassageForm(request.POST or None, passage=passage)
    if form.is_valid() and request.POST.get("press") != "preview":
        form.save(by=request.user)
        return HttpResponseRedirect(f"{back}#passage-{key}")
    context = {
        "form": form,
        "passage": passage,
        **_previews(form, key, language),
        "back": back,
        "revisions": passage.revisions.select_related("replaced_by")[:10],
    }
    return render(request, "words/edit.html", context)


def _previews(form, key, language):
    """How the words that were sent will read; nothing while they could not be saved."""
    text = form.cleaned_data.get("text") if form.is_bound else None
    if text is None:
        return {}
    plain = rules.plain_previews(key, language, text)
    return {"plain_previews": plain} if plain else {"preview": LiveTexts(language).preview(key, text)}
