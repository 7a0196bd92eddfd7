"""Representatives who sign in with user name, password and second step."""

from tests import make
from tests.chapters import cast


def sign_in(client, user):
    make.sign_in(client, user)
    client.post("/account/2fa/authenticate/", {"code": make.code_of(user)})
    return user


def somebody(username="orla", **fields):
    """A user with a password and a second factor, who has no term yet."""
    user = make.person_who_signs_in(username, address=cast.ADDRESS, **fields)
    make.second_factor(user)
    return user


def signed_in_representative(client, username="orla", **fields):
    """A signed-in user who serves a term, as Orla of Ontario by default."""
    user = somebody(username)
    term = cast.representative(user=user, **{"steps_done": "sign-in public card messages meeting", **fields})
    sign_in(client, user)
    return term
