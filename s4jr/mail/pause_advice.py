"""What an admin can do about each thing at our end that keeps emails from leaving."""

from django.utils.translation import gettext_lazy as _

from s4jr.mail.models import SendingPause

Cause = SendingPause.Cause
ADVICE = {
    Cause.UNREACHABLE: _(
        "Often this ends without you. If it lasts for more than an hour, ask the email provider whether they have a "
        "problem. Then check the server’s name and port in EMAIL_URL."
    ),
    Cause.CERTIFICATE: _(
        "Check the server’s name and port in EMAIL_URL. Use submission:// for port 587 and submissions:// for port "
        "465. If both are right, the provider’s certificate may have expired. Tell them."
    ),
    Cause.SIGN_IN: _(
        "Check the user name and password in EMAIL_URL. Some providers need an app password, or turn an account off "
        "when a bill isn’t paid."
    ),
    Cause.REFUSED: _(
        "Our server may be on a block list. Ask the email provider why they refuse it, and send them the answer below."
    ),
    Cause.SENDER: _("Check MAIL_FROM. The provider must know this address, and its domain must exist."),
    Cause.RELAY: _(
        "Check that EMAIL_URL has a user name and a password. Without them, a mail server only takes emails for its "
        "own people."
    ),
    Cause.SENDER_POLICY: _(
        "Check the SPF, DKIM and DMARC records of the domain in MAIL_FROM, and the reverse name of the mail server."
    ),
    Cause.QUOTA: _(
        "Emails go out again when the provider’s hour or day is over. If this happens often, ask them for a higher "
        "limit."
    ),
    Cause.POLICY: _(
        "Ask the email provider why, and send them the answer below. If an announcement is waiting, it may look like "
        "spam: stop it and change its text."
    ),
    Cause.FOLDER: _("Check that the folder in EMAIL_URL exists, and that the disk isn’t full."),
}
