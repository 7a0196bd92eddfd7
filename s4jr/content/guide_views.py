"""The guide for admins: `docs/first-hour.md` and its pictures as a page of the admin."""

from pathlib import Path

from django.conf import settings
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from s4jr.content.markdown import render_document

FOLDER = Path(settings.BASE_DIR, "docs")
TEXT, PICTURES = FOLDER / "first-hour.md", FOLDER / "first-hour"


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    title, _line, text = TEXT.read_text(encoding="utf-8").partition("\n")
    html = render_document(text, _picture_address)
    context = {**admin.site.each_context(request), "title": title.removeprefix("# "), "html": html}
    return render(request, "content/guide.html", context)


@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponse:
    path = PICTURES / f"{name}.png"
    if not path.is_file():
        raise Http404
    return HttpResponse(path.read_bytes(), content_type="image/png")


def _picture_address(source: str) -> str:
    return reverse("admin_guide_picture", args=[Path(source).stem])
