"""`./dev lint`: Django's system checks with the settings of a real site: .env.example with throw-away keys."""

import os
import sys
import tempfile

from dotenv import dotenv_values

from tooling.new_keys import new_keys
from tooling.static_files import ROOT


def check_as_deployed(folder):
    """The number of faults, each written to stderr. A missing migration raises SystemExit instead."""
    example = dotenv_values(ROOT / ".env.example")
    os.environ.update({**example, **new_keys(), "VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "s4jr.settings"})
    import django
    from django.core.checks import run_checks
    from django.core.management import call_command

    django.setup()
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    messages = run_checks(include_deployment_checks=True)
    sys.stderr.writelines(f"{message}\n" for message in messages)
    return sum(_is_fault(message) for message in messages)


def _is_fault(message):
    """Errors, and Django's security warnings. Our own warnings list what the coalition still has to confirm."""
    return message.is_serious() or str(message.id).startswith("security.")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(check_as_deployed(folder))
