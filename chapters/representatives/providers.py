"""What a representative's pages show of members. Chapters know none of them: see `s4jr.providers`."""

from s4jr.providers import Provider

#: The next meetings that the user may come to as a representative. `call(request)`
own_meetings_section = Provider("own_meetings_section")

#: A page of the members who let the representatives of a term see something of them. It decrypts, and writes the
#: access log. `call(request, term)`
shared_members_section = Provider("shared_members_section")
