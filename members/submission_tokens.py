"""The marks of the forms that anybody may send to us: see `s4jr.security.submission_token`."""

from s4jr.security.submission_token import FormKind

JOIN_FORM = FormKind("join form", cookie="form")
ENQUIRY_FORM = FormKind("enquiry sent", cookie="written")
