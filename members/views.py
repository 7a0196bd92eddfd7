"""Joining, confirming and withdrawing. Links show on GET and act on POST: mail scanners press links."""

from django.shortcuts import redirect, render

from members.form_token import new_token, remember
from members.forms import JoinForm
from members.models import Member, MemberLink


def join(request):
    if request.method != "POST":
        return render(request, "members/join.html", {"form": JoinForm(initial={"form_token": new_token(request)})})
    form = JoinForm(request.POST)
    if not form.is_valid():
        return render(request, "members/join.html", {"form": form})
    application = form.application(request.LANGUAGE_CODE)
    Member.objects.ask_to_join(application)
    response = redirect("received")
    remember(response, application.form_token)
    return response


def received(request):
    return render(request, "members/received.html")


def confirm(request, token):
    link = MemberLink.objects.working(token, MemberLink.Purpose.CONFIRM)
    if link is None:
        return render(request, "members/link_over.html", status=410)
    if request.method != "POST":
        return render(request, "members/confirm.html")
    Member.objects.confirm(link)
    return render(request, "members/confirmed.html")


def my_details(request, token):
    link = MemberLink.objects.working(token, MemberLink.Purpose.DETAILS)
    if link is None:
        return render(request, "members/link_over.html", status=410)
    if request.method != "POST":
        return render(request, "members/my_details.html")
    link.member.withdraw()
    return render(request, "members/withdrawn.html")
