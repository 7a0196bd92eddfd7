"""What the pages of a meeting show of the people who come. Chapters know none of them: see `s4jr.providers`."""

from s4jr.providers import Provider

#: For everyone: the way to say that one comes. `call(request, meeting)`
rsvp_section = Provider("rsvp_section")

#: For a host: who comes, and what would help them. It decrypts, and writes the access log. `call(request, meeting)`
rsvp_summary = Provider("rsvp_summary")
