"""How a page shows what only another part of the site knows, without importing that part.

The part that owns the page declares a `Provider` and calls it in its view. The part that knows the answer registers a
function in `AppConfig.ready()`. Whatever the function decrypts and writes into the access log is done before the page
is rendered: its template only includes what came back.

    # chapters/meetings/providers.py            # members/apps.py
    rsvp_section = Provider("rsvp_section")     providers.rsvp_section.register(sections.rsvp_section)

    # the view                                          the template
    {"rsvps": providers.rsvp_section.call(request, …)}  {% include rsvps.template with section=rsvps %}
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest


@dataclass(frozen=True)
class Section:
    """Part of a page: the name of its template, which reads the fields that a subclass adds as `section.<field>`."""

    template: str


class Provider:
    """A named hook that exactly one function answers with a `Section`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._function: Callable[..., Section] | None = None

    def register(self, function: Callable[..., Section]) -> None:
        """Let `function(request, …)` answer; called in `AppConfig.ready()`. Another function takes its place."""
        self._function = function

    def call(self, request: HttpRequest, *args, **kwargs) -> Section:
        """What the registered function answers. Raises ImproperlyConfigured if no app registered one."""
        if self._function is None:
            raise ImproperlyConfigured(f"No installed app has registered a function for the provider {self.name}.")
        return self._function(request, *args, **kwargs)


#: On the home page: how many representatives there are, as a link to their directory. `call(request)`
representatives_section = Provider("representatives_section")

#: On the home page: the next meeting that is open to everyone, if there is one. `call(request)`
next_meeting_section = Provider("next_meeting_section")

#: On the admin's first page: what waits for whoever looks, and how the week stands. `call(request)`
admin_dashboard = Provider("admin_dashboard")
