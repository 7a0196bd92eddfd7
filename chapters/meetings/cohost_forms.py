"""Forms for the hosts of a series."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chapters.meetings.permissions import possible_hosts
from chapters.models import MeetingHost, MeetingSeries, Representative
from s4jr.accounts.models import User
from s4jr.crypto.fields import readable
from s4jr.form_fields.names import NAME_RULES
from s4jr.form_fields.one_line import OneLineField


class AddHostForm(forms.Form):
    user = forms.TypedChoiceField(label=_("Who"), coerce=int)

    def __init__(self, *args: Any, series: MeetingSeries, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = possible_hosts().exclude(hosted_series__series=series)
        pairs = sorted(names_of(others).items(), key=lambda pair: pair[1].casefold())
        self.fields["user"].choices = [("", _("Choose one")), *pairs]


class RemoveHostForm(forms.Form):
    """The button next to each host."""

    def __init__(self, *args: Any, series: MeetingSeries, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["host"] = forms.ModelChoiceField(series.hosts.all())


class OwnNameForm(forms.Form):
    """The name that the host wants the page of the series to show."""

    shown_name = OneLineField(
        label=_("Your name on the meeting page"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        validators=NAME_RULES,
        help_text=_("Everyone can read it. Leave it empty to host without being named."),
    )


def names_of(users: Any) -> dict[int, str]:
    """{primary key: name} of users: their display name, else the one of their public profile, else their username."""
    users = list(users)
    terms = Representative.objects.public().filter(user__in=users).order_by("-begins_on")
    on_profiles = dict(terms.exclude(display_name="").values_list("user", "display_name"))
    return {user.pk: _display_name_of(user) or on_profiles.get(user.pk) or user.username for user in users}


def hosts_with_names(series: MeetingSeries) -> list[tuple[MeetingHost, str, bool]]:
    """The hosts of a series in order, the names that hosts know each other by, and whether they may still host."""
    hosts = list(series.hosts.select_related("user").order_by("pk"))
    names = names_of([host.user for host in hosts])
    may_host = set(possible_hosts().filter(pk__in=names).values_list("pk", flat=True))
    return [(host, names[host.user_id], host.user_id in may_host) for host in hosts]


def _display_name_of(user: User) -> str:
    return readable(user, "display_name")
