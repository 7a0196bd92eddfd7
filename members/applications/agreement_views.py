"""The page with every version of the community agreement."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from members.applications.agreement import KEY, earlier_texts, version_of
from s4jr.content import markdown
from s4jr.content.live_texts import LiveTexts
from s4jr.security.headers import reading_page


@require_safe
@reading_page
def versions(request: HttpRequest) -> HttpResponse:
    text = LiveTexts(get_language(), request).text(KEY)
    earlier = [(old, markdown.render(old.markdown, {})) for old in earlier_texts(text.language)]
    return render(request, "members/agreement_versions.html", {"version": version_of(text), "earlier": earlier})
