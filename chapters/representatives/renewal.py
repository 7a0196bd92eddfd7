"""The one press of an email: the card stays, or comes back."""

from django.shortcuts import redirect, render

from chapters.models import Representative
from chapters.representatives.consent import LASTS


def renew_card(request, token):
    """GET shows, POST acts; a link that was pressed says so until the next email."""
    found = Representative.objects.with_link(token)
    card = found.first()
    if card is None or not card.display_name:
        return render(request, "chapters/renewal_over.html", status=410)
    if request.method == "POST":
        found.renew()
        return redirect("renew_card", token=token)
    template = "chapters/renew.html" if card.emails_written else "chapters/renewed.html"
    return render(request, template, {"card": card, "days": LASTS.days})
