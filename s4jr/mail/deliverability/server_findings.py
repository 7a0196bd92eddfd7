"""What the mail server of EMAIL_URL lacks: connection, encryption and sign-in."""

from django.utils.translation import gettext, ngettext

from s4jr.mail.deliverability.findings import Finding, Status, quote
from s4jr.mail.deliverability.server_probe import SAYS_NOTHING, MailServer, ServerFacts, Trouble

#: A certificate is renewed well before; Let's Encrypt, for example, does it 30 days before the end.
FEW_DAYS = 14


def check_server(server: MailServer, facts: ServerFacts) -> list[Finding]:
    """Findings about the mail server, in the order in which we get there; the last is what stopped us."""
    values = {"host": quote(server.host), "port": server.port}
    findings = []
    if facts.answers or facts.tls:
        answer = gettext("%(host)s answers on port %(port)s.") % values
        findings.append(Finding(gettext("Mail server"), Status.OK, answer))
    if facts.tls:
        findings.append(_certificate_finding(facts, values))
    if facts.is_signed_in:
        findings.append(Finding(gettext("Sign-in"), Status.OK, gettext("%(host)s accepts our password.") % values))
    if facts.trouble:
        findings.append(_trouble_finding(facts.trouble, values))
    return findings


def _certificate_finding(facts: ServerFacts, values: dict) -> Finding:
    check, days = gettext("Encryption (TLS)"), int(facts.days_left)
    values = {**values, "tls": facts.tls, "days": days}
    if days < FEW_DAYS:
        result = ngettext(
            "The certificate of %(host)s ends in %(days)d day.",
            "The certificate of %(host)s ends in %(days)d days.",
            days,
        )
        return Finding(check, Status.PROBLEM, result % values, _renew_advice())
    result = ngettext(
        "%(tls)s, with a certificate that is valid for %(days)d more day.",
        "%(tls)s, with a certificate that is valid for %(days)d more days.",
        days,
    )
    return Finding(check, Status.OK, result % values)


def _renew_advice():
    return gettext("The people who manage that mail server must renew it. If it ends, no email leaves.")


def _trouble_finding(trouble: Trouble, values: dict) -> Finding:
    words = {**_connection_words(), **_certificate_words(), **_sign_in_words()}
    check, result, advice = words[trouble]
    status = Status.UNKNOWN if trouble in SAYS_NOTHING else Status.PROBLEM
    return Finding(check, status, result % values, advice % values)


def _connection_words() -> dict[Trouble, tuple[str, str, str]]:
    check = gettext("Mail server")
    look = gettext("Check host and port in EMAIL_URL, and whether a firewall blocks port %(port)s. Then try again.")
    return {
        Trouble.UNREACHABLE: (check, gettext("We couldn’t reach %(host)s."), look),
        Trouble.SILENT: (check, gettext("%(host)s didn’t answer in time."), look),
        Trouble.BROKEN: (check, gettext("%(host)s ended the connection."), look),
        Trouble.CLOSED: (check, gettext("Nothing answers on port %(port)s of %(host)s."), look),
    }


def _certificate_words() -> dict[Trouble, tuple[str, str, str]]:
    check, renew = gettext("Encryption (TLS)"), _renew_advice()
    return {
        Trouble.NO_TLS: (
            check,
            gettext("%(host)s offers no encryption on port %(port)s, so we can’t sign in safely."),
            gettext("Ask your email provider for the right port. “submission” is for 587, “submissions” for 465."),
        ),
        Trouble.TLS_FAILED: (
            check,
            gettext("%(host)s and this site can’t agree on an encryption."),
            gettext("Check the port in EMAIL_URL: “submission” is for 587, “submissions” for 465."),
        ),
        Trouble.EXPIRED: (check, gettext("The certificate of %(host)s has expired."), renew),
        Trouble.NOT_YET_VALID: (
            check,
            gettext("The certificate of %(host)s is not valid yet."),
            gettext("Check the clock of this server."),
        ),
        Trouble.WRONG_NAME: (
            check,
            gettext("The certificate is for another name than %(host)s."),
            gettext("Use the host name that your email provider gives you in EMAIL_URL."),
        ),
        Trouble.UNTRUSTED: (
            check,
            gettext("The certificate of %(host)s is not from an authority that this server knows."),
            gettext("The people who manage that mail server need a certificate from a public authority."),
        ),
    }


def _sign_in_words() -> dict[Trouble, tuple[str, str, str]]:
    check = gettext("Sign-in")
    return {
        Trouble.NO_SIGN_IN: (
            check,
            gettext("%(host)s offers no sign-in that we can use on port %(port)s."),
            gettext("Ask your email provider for the host and port for sending email (SMTP)."),
        ),
        Trouble.WRONG_PASSWORD: (
            check,
            gettext("%(host)s doesn’t accept the user name or password in EMAIL_URL."),
            gettext(
                "Ask your email provider for a password for this site. In EMAIL_URL, write @ as %%40 and / as %%2F."
            ),
        ),
        Trouble.NO_SIGN_IN_NOW: (
            check,
            gettext("%(host)s can’t check our password right now."),
            gettext("Try again in a few minutes."),
        ),
    }
