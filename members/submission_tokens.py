"""The submission tokens of the public forms: see `s4jr.security.submission_token`."""

from s4jr.security.submission_token import FormKind

JOIN_FORM = FormKind("join form", cookie="form")
INQUIRY_FORM = FormKind("inquiry sent", cookie="written")
