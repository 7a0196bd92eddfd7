"""People who send inquiries and users who answer them, all fictional."""

import secrets

from django.contrib.auth.models import Group, Permission

from members.inquiries import services as inquiry_services
from members.inquiries.services import InquirySubmission
from members.models import Inquiry
from tests import make

WORDS = "A sentence that must not leak: the kingfisher waits at the weir."
NAME = "Wilhelmina Testperson"
ADDRESS = "wilhelmina@mailbox.example"


def submission(**said):
    """A form that Wilhelmina sends, with any changes."""
    return InquirySubmission(
        **{
            "topic": "coalition",
            "contact": "yes",
            "name": NAME,
            "email": ADDRESS,
            "words": WORDS,
            "form_token": secrets.token_hex(16),
            **said,
        }
    )


def written(said=None, **more):
    """Saves a form as an inquiry."""
    said = said or submission(**more)
    inquiry_services.submit_inquiry(said)
    return Inquiry.objects.get(form_token=said.form_token)


def about_safety(*readers, **said):
    """An inquiry about safety or conduct, for these readers."""
    return written(topic="safety", readers=tuple(readers), **said)


def these(inquiry):
    return Inquiry.objects.filter(pk=inquiry.pk)


def reader(username, *topics, display_name="", superuser=False, **fields):
    """A user who reads these topics."""
    user = make.admin(username, superuser=superuser, display_name=display_name, **fields)
    give(user, *topics)
    return user


def in_group(name, username, **fields):
    """A user with the permissions of a group."""
    user = make.admin(username, superuser=False, **fields)
    user.groups.add(Group.objects.get(name=name))
    return user


def give(user, *topics):
    user.user_permissions.add(*Permission.objects.filter(codename__in=[f"read_{topic}" for topic in topics]))


def signed_in(client, user):
    """Signs the user in with password and second factor."""
    make.second_factor(user)
    make.sign_in(client, user)
    client.post("/account/2fa/authenticate/", {"code": make.code_of(user)})
    return client
