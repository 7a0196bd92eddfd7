"""Records made of tags, such as `v=DMARC1; p=none` (RFC 6376, 3.2): DKIM keys and DMARC records."""


def read_tags(text: str) -> dict[str, str] | None:
    """The tags, in lower case, with their values; None if the text is no such list or has a tag twice."""
    tags: dict[str, str] = {}
    for part in text.strip().removesuffix(";").split(";"):
        name, sign, value = part.partition("=")
        name = name.strip().lower()
        if not sign or not name or name in tags:
            return None
        tags[name] = value.strip()
    return tags
