"""Sections of meeting pages about RSVPs. The `members` app registers them: see `s4jr.providers`."""

from s4jr.providers import Provider

#: For everyone: the RSVP form or link. `call(request, meeting)`
rsvp_section = Provider("rsvp_section")

#: For a host who is about to move or cancel: how many people get an email, without names. `call(request, meeting)`
rsvp_recipients = Provider("rsvp_recipients")

#: For a host: attendees and their needs. It decrypts, and writes the access log. `call(request, meeting)`
rsvp_summary = Provider("rsvp_summary")
