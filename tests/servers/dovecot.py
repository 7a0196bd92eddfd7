"""A throw-away Dovecot: a real IMAP server with TLS on loopback, one user, one mailbox. Installed if it is missing."""

import imaplib
import os
import pwd
import shutil
import ssl
from contextlib import contextmanager
from urllib.parse import quote

from tests.servers.certificate import write_certificate
from tests.servers.process import MissingPart, Program, free_port, listens
from tooling.debian import apt_get_install

#: With characters that a URL must write in another way.
USER, PASSWORD = "bounces@quiet.example", "wren/quartz@harbour"
CONFIGURATION = """\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
auth_failure_delay = 0
ssl = required
ssl_cert = <{folder}/fullchain.pem
ssl_key = <{folder}/privkey.pem
mail_location = maildir:{folder}/mail
first_valid_uid = 1
mail_uid = {user}
mail_gid = {group}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/home
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""


class Dovecot:
    """Runs in `folder`. `url` is for BOUNCE_MAILBOX_URL, `certificate` for SSL_CERT_FILE."""

    def __init__(self, folder):
        self.folder, self.port = folder, free_port()
        self.certificate = folder / "fullchain.pem"
        self.url = f"imaps://{quote(USER, safe='')}:{quote(PASSWORD, safe='')}@127.0.0.1:{self.port}/INBOX"
        self.program = None

    def start(self):
        dovecot = find_or_install_dovecot()  # the package makes the users that the configuration names
        self.folder.mkdir(exist_ok=True)
        write_certificate(self.folder)
        self._write_configuration()
        command = [dovecot, "-F", "-c", str(self.folder / "dovecot.conf")]
        self.program = Program(command, self.folder / "output.log")
        self.program.start()
        self.program.wait_until(lambda: listens(self.port))

    def stop(self):
        self.program.stop()

    def deliver(self, *messages):
        """Put messages (bytes) into the mailbox; the first is the oldest."""
        with self._mailbox() as mailbox:
            for message in messages:
                status, said = mailbox.append("INBOX", "", None, message)
                assert status == "OK", said

    def messages(self):
        """Everything in the mailbox, in bytes."""
        with self._mailbox() as mailbox:
            count = int(mailbox.select("INBOX", readonly=True)[1][0])
            said = mailbox.fetch(f"1:{count}", "(BODY.PEEK[])")[1] if count else []
        return [part[1] for part in said if isinstance(part, tuple)]

    def empty(self):
        with self._mailbox() as mailbox:
            if int(mailbox.select("INBOX")[1][0]):
                mailbox.store("1:*", "+FLAGS", r"(\Deleted)")
                mailbox.expunge()

    @contextmanager
    def _mailbox(self):
        trusting = ssl.create_default_context(cafile=self.certificate)
        with imaplib.IMAP4_SSL("127.0.0.1", self.port, ssl_context=trusting) as mailbox:
            mailbox.login(USER, PASSWORD)
            yield mailbox

    def _write_configuration(self):
        user, group = _owner()
        for name in ("mail", "home", "run", "state"):
            (self.folder / name).mkdir(exist_ok=True)
            _give_away(self.folder / name)
        said = {"folder": self.folder, "port": self.port, "user": user, "group": group, "password": PASSWORD}
        (self.folder / "dovecot.conf").write_text(CONFIGURATION.format(**said))


def _owner():
    """Who may read the mailbox: Dovecot refuses to serve root's. Its own processes run as this user too."""
    account = pwd.getpwnam("dovenull") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    group = account.pw_name if os.geteuid() == 0 else str(account.pw_gid)
    return account.pw_name, group


def _give_away(path):
    if os.geteuid() == 0:
        shutil.chown(path, *_owner())


def find_or_install_dovecot():
    """The path of Dovecot. Raises MissingPart when there is none and none can be installed."""
    for install in (lambda: None, lambda: apt_get_install("dovecot-imapd")):
        install()
        if found := shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/opt/homebrew/sbin"):
            return found
    raise MissingPart("No IMAP server was found. Install one with: apt-get install dovecot-imapd")
