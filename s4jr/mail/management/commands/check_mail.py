import re
from argparse import ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from s4jr.mail.deliverability.check import check_sender
from s4jr.mail.deliverability.findings import Finding, exit_code
from s4jr.mail.deliverability.forms import SELECTOR

SECONDS = 20


class Command(BaseCommand):
    help = (
        "Checks what other mail servers look at: SPF, DKIM, DMARC, reverse name, TLS and MX. Sends nothing. "
        "Exit code: 0 no problem, 1 a problem, 2 no problem found but something could not be looked up."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--selector", action="append", type=_read_selector, help="of a DKIM key; default: DKIM_SELECTORS"
        )

    def handle(self, *, selector: list[str] | None, **options: Any) -> None:
        findings = check_sender(selector, seconds=SECONDS)
        for finding in findings:
            self.stdout.write(_as_line(finding))
        raise SystemExit(exit_code(findings))


def _read_selector(text: str) -> str:
    if not re.fullmatch(SELECTOR, text):
        raise ArgumentTypeError("enter only the selector, such as s1 or mail2026")
    return text


def _as_line(finding: Finding) -> str:
    label = str(finding.status.label).lower()
    return f"{label:15} {finding.check}: {finding.result} {finding.advice}".rstrip()
