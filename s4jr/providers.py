"""How a page shows what only another app knows, without importing that app.

The app that owns the page declares a `Provider` and calls it in its view. The app that knows the answer registers a
function in `AppConfig.ready()`. The function decrypts and writes the access log before the page is rendered: its
template only includes the result.

    # chapters/meetings/providers.py            # members/apps.py
    rsvp_section = Provider("rsvp_section")     providers.rsvp_section.register(sections.rsvp_section)

    # the view                                          the template
    {"rsvps": providers.rsvp_section.call(request, …)}  {% include rsvps.template with section=rsvps %}
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest


@dataclass(frozen=True)
class Section:
    """Part of a page: the name of its template, which reads the fields of a subclass as `section.<field>`."""

    template: str


class Provider:
    """A named hook that exactly one function answers with a `Section`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._function: Callable[..., Section] | None = None

    def register(self, function: Callable[..., Section]) -> None:
        """Let `function(request, …)` answer; call this in `AppConfig.ready()`. A later function replaces it."""
        self._function = function

    def call(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Section:
        """Call the registered function. Raises ImproperlyConfigured if no app registered one."""
        if self._function is None:
            raise ImproperlyConfigured(f"No installed app has registered a function for the provider {self.name}.")
        return self._function(request, *args, **kwargs)


#: On the home page: the number of representatives, as a link to their directory. `call(request)`
representatives_section = Provider("representatives_section")

#: On the home page: the next meeting that is open to everyone, if any. `call(request)`
next_meeting_section = Provider("next_meeting_section")

#: On the admin index: what waits for this admin, and the week's statistics. `call(request)`
admin_dashboard = Provider("admin_dashboard")
