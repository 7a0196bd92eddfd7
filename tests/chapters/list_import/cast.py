"""Lists of invented people and chapters, as admins would bring them."""

import io

REPRESENTATIVES = "/manage/chapters/representative/import/"
CHAPTERS = "/manage/chapters/chapter/import/"
REASON = "The list of the autumn meeting, with everyone's agreement."


def file_of(text, encoding="utf-8"):
    sent = io.BytesIO(text.encode(encoding))
    sent.name = "list.csv"
    return sent


def upload(client, address, text, encoding="utf-8"):
    """The preview of this list."""
    return client.post(address, {"file": file_of(text, encoding)})


def confirm(client, address, text, **answers):
    """The answer to importing this list."""
    encrypted = upload(client, address, text).context["form"]["encrypted_list"].value()
    return client.post(address, {"encrypted_list": encrypted, "reason": REASON, "action": "confirm", **answers})


def reasons_in(answer):
    return {line.number: line.why for line in answer.context["read"].unusable}
