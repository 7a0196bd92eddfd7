"""The page with every version of the community agreement."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from members.applications.agreement import KEY, earlier_texts, version_of
from s4jr.content import markdown
from s4jr.content.live_texts import LiveTexts
from s4jr.security.headers import reading_page


@require_safe
@reading_page
def versions(request):
    text = LiveTexts(request.LANGUAGE_CODE, request).text(KEY)
    earlier = [(old, markdown.render(old.markdown, {})) for old in earlier_texts(text.language)]
    return render(request, "members/agreement_versions.html", {"version": version_of(text), "earlier": earlier})
