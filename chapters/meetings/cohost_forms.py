"""Forms for the hosts of a series."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chapters.meetings.permissions import owns_series, possible_hosts
from chapters.models import MeetingHost, MeetingSeries, Representative
from s4jr.accounts.models import User
from s4jr.crypto.fields import readable
from s4jr.form_fields.names import NAME_RULES
from s4jr.form_fields.one_line import OneLineField

#: How hosts see a host who has neither a display name nor a public profile.
NO_NAME = _("Host without a public name")


class AddHostForm(forms.Form):
    """Offers those with a name: no one learns with which username another person signs in."""

    user = forms.TypedChoiceField(label=_("Who"), coerce=int)

    def __init__(self, *args: Any, series: MeetingSeries, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = possible_hosts().exclude(hosted_series__series=series)
        named = {pk: name for pk, name in names_of(others).items() if name}
        pairs = sorted(named.items(), key=lambda pair: pair[1].casefold())
        self.fields["user"].choices = [("", _("Choose one")), *pairs]


class RemoveHostForm(forms.Form):
    """The button next to each host that `by` may remove. A co-host from elsewhere may remove only themselves."""

    def __init__(self, *args: Any, series: MeetingSeries, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hosts = series.hosts.all()
        self.fields["host"] = forms.ModelChoiceField(hosts if owns_series(by, series) else hosts.filter(user=by))


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
    """{primary key: name} of users: their display name, else the one of their public profile, else ""."""
    users = list(users)
    terms = Representative.objects.public().filter(user__in=users).order_by("-begins_on")
    on_profiles = dict(terms.exclude(display_name="").values_list("user", "display_name"))
    return {user.pk: _display_name_of(user) or on_profiles.get(user.pk, "") for user in users}


def hosts_with_names(series: MeetingSeries) -> list[tuple[MeetingHost, str, bool]]:
    """The hosts of a series in order, the names that hosts know each other by, and whether they may still host."""
    hosts = list(series.hosts.select_related("user").order_by("pk"))
    names = names_of([host.user for host in hosts])
    may_host = set(possible_hosts().filter(pk__in=names).values_list("pk", flat=True))
    return [(host, names[host.user_id] or str(NO_NAME), host.user_id in may_host) for host in hosts]


def _display_name_of(user: User) -> str:
    return readable(user, "display_name")
