"""What each reply of a mail server means, by the step it answers. docs/email.md has it as a table, which a test plays.

Errors keep the server's codes and drop its words, which repeat the address. Before a recipient is named, a refusal is
about us. Afterwards the enhanced code decides (RFC 3463, RFC 7372), and without one a few words.
"""

import re
from enum import StrEnum

from s4jr.mail.models import SendingPause
from s4jr.mail.transports.errors import MailboxFull, NoMailbox, OurFault, PolicyRefusal, RefusedForGood, RefusedForNow

Cause = SendingPause.Cause


class Step(StrEnum):
    """The step of an SMTP conversation that a reply answers."""

    BANNER = "banner"
    EHLO = "EHLO"
    STARTTLS = "STARTTLS"
    SIGN_IN = "AUTH"
    SENDER = "MAIL FROM"
    RECIPIENT = "RCPT TO"
    DATA = "DATA"
    DOT = "final dot"


ENHANCED_CODE = re.compile(rb"\b[245]\.\d{1,3}\.\d{1,3}\b")
#: Replies to RCPT that mean "no such mailbox" (RFC 5321, 4.2.3), and the enhanced codes (RFC 3463, 3.2; RFC 7505) that
#: decide if there is one: those of 5.1.x that are about the recipient's address and not ours.
NO_MAILBOX = {550, 551, 553}
NO_MAILBOX_ENHANCED = {"5.1.1", "5.1.2", "5.1.3", "5.1.4", "5.1.6", "5.1.10"}
#: Servers without enhanced codes also answer 550 to senders they distrust, which says nothing about the mailbox.
DISTRUST = re.compile(
    rb"spam|block|polic|sender|sending|authenticat|dmarc|dkim|\bspf\b|black ?list|\bdnsbl|\brbl|reputation|denied"
    rb"|prohibit|banned|\bptr\b|reverse|\brdns\b|\bip\b|too many|\brate\b|\blimit|quota",
    re.IGNORECASE,
)
#: A full inbox, where no enhanced code says so. "Daily quota exceeded" would be about us.
FULL = re.compile(
    rb"(mailbox|inbox|recipient|user|account)\b.{0,30}\b(full|over ?quota)|over ?quota"
    rb"|quota exceeded.{0,30}mailbox|mailbox.{0,30}quota",
    re.IGNORECASE,
)
#: qmail names the file of the domains that it takes emails for.
RELAY = re.compile(rb"relay|rcpthosts", re.IGNORECASE)
#: Postfix says it with 454 unless it is told otherwise (`defer_unauth_destination`). Other words about relays in a 4xx
#: may be about the reader's server.
RELAY_DENIED = re.compile(rb"relay\w*( access)? (denied|not (permitted|allowed)|prohibited)", re.IGNORECASE)
SIGN_IN_FIRST = re.compile(rb"authenticat|sign in|log ?in", re.IGNORECASE)
#: RFC 6531: the server can't take an address in this script. It is about the recipient, even when MAIL gets it.
NOT_THIS_SCRIPT = {"5.6.7", "5.6.9"}
_BY_CAUSE = {
    Cause.SENDER: "1.7 1.8 7.60",
    Cause.SENDER_POLICY: "7.20 7.21 7.22 7.23 7.24 7.25 7.26 7.27 7.29 7.30 7.31 7.32 7.40 7.509 7.515",
    Cause.REFUSED: "7.606 7.708",
    Cause.SIGN_IN: "7.8 7.9 7.11 7.13 7.57",
    Cause.RELAY: "7.54 7.64 7.367",
    Cause.QUOTA: "5.3 7.28",
}
#: What is wrong at our end, by enhanced code, at any step: those of RFC 7372 (SPF, DKIM, reverse name), of Gmail
#: (5.7.26 and later) and of Exchange (5.7.5x, 5.7.6x). 5.4.5 is the daily limit of Gmail; 4.4.5 is a busy server.
OURS = {f"{kind}.{code}": cause for cause, codes in _BY_CAUSE.items() for code in codes.split() for kind in (4, 5)}
OURS["5.4.5"] = Cause.QUOTA
#: Before a recipient is named, a refusal without a telling code is about what this step does.
USUALLY = {
    Step.BANNER: Cause.REFUSED,
    Step.EHLO: Cause.REFUSED,
    Step.STARTTLS: Cause.CERTIFICATE,
    Step.SIGN_IN: Cause.SIGN_IN,
    Step.SENDER: Cause.SENDER,
}


def refusal(step: Step, code: int, reply: bytes) -> Exception:
    """The exception for a reply to this step that is not a success."""
    found = ENHANCED_CODE.search(reply or b"")
    enhanced = found.group().decode() if found else ""
    words = f"the mail server answered {code} {enhanced}".rstrip()
    if enhanced in NOT_THIS_SCRIPT:
        return RefusedForGood(words)
    if cause := _our_fault(step, code, enhanced, reply or b""):
        return OurFault(cause, words, has_named_reader=step not in USUALLY)
    return _about_this_email(step, code, enhanced, reply or b"")(words)


def _our_fault(step: Step, code: int, enhanced: str, reply: bytes) -> SendingPause.Cause | None:
    """What is wrong at our end; None if the reply is about this email or its reader, or doesn't say."""
    if cause := OURS.get(enhanced):
        return cause
    if step in USUALLY:
        return _before_recipient(step, code, enhanced, reply)
    if enhanced[2:] in ("", "7.0", "7.1") and (RELAY if code >= 500 else RELAY_DENIED).search(reply):
        return Cause.RELAY
    return Cause.SIGN_IN if code == 530 else None


def _before_recipient(step: Step, code: int, enhanced: str, reply: bytes) -> SendingPause.Cause:
    if code < 500:
        return Cause.UNREACHABLE
    if code == 530 or (enhanced in ("", "5.7.0", "5.7.1") and SIGN_IN_FIRST.search(reply)):
        return Cause.SIGN_IN
    if RELAY.search(reply):
        return Cause.RELAY
    return Cause.SENDER_POLICY if step == Step.SENDER and enhanced == "5.7.1" else USUALLY[step]


def _about_this_email(step: Step, code: int, enhanced: str, reply: bytes) -> type[Exception]:
    if enhanced[2:] == "2.2" or (step == Step.RECIPIENT and not enhanced and (code == 552 or FULL.search(reply))):
        return MailboxFull
    if code < 500 or code >= 600:
        return RefusedForNow
    if enhanced[2:].startswith("7.") or (not enhanced and DISTRUST.search(reply)):
        return PolicyRefusal
    if step == Step.RECIPIENT and (enhanced in NO_MAILBOX_ENHANCED if enhanced else code in NO_MAILBOX):
        return NoMailbox
    return RefusedForGood
