"""Sections of representative pages about members. The `members` app registers them: see `s4jr.providers`."""

from s4jr.providers import Provider

#: The link to the skills that members share with the representatives of a term. `call(request, term)`
skills_link = Provider("skills_link")

#: The next meetings that the user may attend as a representative. `call(request)`
own_meetings_section = Provider("own_meetings_section")

#: A page of the members who share information with the representatives of a term. It decrypts, and writes the access
#: log. `call(request, term)`
shared_members_section = Provider("shared_members_section")
