"""The benchmarks have a site of their own, which starts without pytest."""

import subprocess
import sys

from tooling.static_files import ROOT

#: Prints the services that answer inside `standing`.
ASKED = """
from benchmarks import ours
with ours.standing() as parts:
    import redis
    from django.db import connection
    from s4jr.accounts.models import User
    print(User.objects.count(), connection.vendor, redis.Redis.from_url(parts.redis.url).ping(), parts.smtp.emails)
"""


def test_the_site_of_the_benchmarks_stands_with_all_its_services():
    asked = subprocess.run([sys.executable, "-c", ASKED], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (asked.stdout, asked.returncode) == ("0 postgresql True []\n", 0), asked.stderr[-2000:]
