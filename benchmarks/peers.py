"""What our pages are compared to, created in a temporary folder from public releases, each on a port of its own.

Floors: nginx with a file, a WSGI callable that returns bytes, a Django view that does. Peers: a stock
`django-admin startproject` with allauth, crispy and a template, and a stock `wagtail start`. They run on the same
PostgreSQL and the same granian as the site, with DEBUG off.
"""

import os
import subprocess
import sys
from dataclasses import dataclass

import psycopg

from tests.attack.proxy import find_or_install_nginx
from tests.servers.process import Program, free_port, listens

RELEASES = [
    "granian==2.8.7", "django==5.2.19", "psycopg[binary]==3.3.9", "wagtail==8.0.1",
    "django-allauth==65.21.1", "django-crispy-forms==2.7", "crispy-bootstrap5==2026.9", "whitenoise==6.11.0",
]  # fmt: skip
SMALL = b"x" * 10_000
BARE = """
from django.conf import settings
if not settings.configured:
    settings.configure(SECRET_KEY="x" * 60, ROOT_URLCONF="bare", ALLOWED_HOSTS=["*"], MIDDLEWARE=[])
import django
django.setup(set_prefix=False)
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.urls import path
BODY = b"x" * 10_000
urlpatterns = [path("", lambda request: HttpResponse(BODY))]
application = WSGIHandler()
def callable(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", "10000")])
    return [BODY]
"""
NGINX = """
worker_processes 1; pid {folder}/pid; error_log {folder}/error; events {{ worker_connections 512; }}
http {{ access_log off; server {{ listen 127.0.0.1:{port}; root {folder}/www; keepalive_requests 10000000; }} }}
"""
AS_DEPLOYED = """
DEBUG, ALLOWED_HOSTS, SECRET_KEY = False, ["*"], "x" * 60
STORAGES = {{"default": {{"BACKEND": "django.core.files.storage.FileSystemStorage"}},
            "staticfiles": {{"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}}}
DATABASES = {{"default": {{"ENGINE": "django.db.backends.postgresql", "NAME": "{name}", "USER": "s4jr",
                         "HOST": "{host}", "CONN_MAX_AGE": None}}}}
"""
WITH_ACCOUNTS = """
INSTALLED_APPS += ["allauth", "allauth.account", "crispy_forms", "crispy_bootstrap5", "people"]
MIDDLEWARE += ["allauth.account.middleware.AccountMiddleware"]
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
TEMPLATES[0]["DIRS"] = [BASE_DIR / "templates"]
"""
PEOPLE = {
    "__init__.py": "",
    "migrations/__init__.py": "",
    "models.py": """
from django.db import models
class Person(models.Model):
    name = models.CharField(max_length=120)
    email = models.EmailField()
    message = models.TextField(blank=True)
""",
    "views.py": """
from django.shortcuts import render
from django.urls import reverse_lazy
from django.views.generic import CreateView
from people.models import Person
def page(request):
    return render(request, "page.html")
class Join(CreateView):
    model, fields, template_name, success_url = Person, ["name", "email", "message"], "join.html", reverse_lazy("page")
""",
}
URLS = """
from django.contrib import admin
from django.urls import include, path
from people.views import Join, page
urlpatterns = [path("", page, name="page"), path("join/", Join.as_view()), path("admin/", admin.site.urls),
               path("accounts/", include("allauth.urls"))]
"""
PAGE = "{% load i18n %}<!doctype html><title>Page</title><h1>{% translate 'Page' %}</h1>" + "x" * 9_900
JOIN = (
    "{% load crispy_forms_tags %}<!doctype html>"
    "<form method='post'>{% csrf_token %}{{ form|crispy }}<button>Go</button></form>"
)


@dataclass
class Peer:
    program: Program
    port: int
    path: str = "/"

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}{self.path}"


def granian(module, folder, environment, *, port=None, python=sys.executable, server="granian", workers=1):
    """A server whose workers have two threads, like those of the site; it is not running yet."""
    port = port or free_port()
    command = [python, "-m", server, "--interface", "wsgi", module, "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", str(workers), "--blocking-threads", "2", "--log-level", "warning"]
    return Peer(Program(command, folder / "log", environment, cwd=folder), port)


def bare(folder):
    """(Django's bare view, the WSGI callable)."""
    folder.mkdir()
    (folder / "bare.py").write_text(BARE)
    return granian("bare:application", folder, plain()), granian("bare:callable", folder, plain())


def static(folder):
    """nginx with one file."""
    (folder / "www").mkdir(parents=True)
    folder.chmod(0o755), (folder / "www").chmod(0o755)
    (folder / "www" / "page.html").write_bytes(SMALL)
    port = free_port()
    (folder / "conf").write_text(NGINX.format(folder=folder, port=port))
    rights = "user root;" if os.geteuid() == 0 else ""
    command = [find_or_install_nginx(), "-p", folder, "-c", folder / "conf", "-g", f"daemon off; {rights}"]
    return Peer(Program(command, folder / "log"), port, "/page.html")


class Stock:
    """Stock projects, in a virtual environment of their own with RELEASES, on the given `Postgres`."""

    def __init__(self, folder, postgres):
        folder.mkdir()
        self.folder, self.postgres, self.python = folder, postgres, folder / "venv" / "bin" / "python"
        uv = os.environ.get("UV", "uv")
        _run([uv, "venv", "--quiet", "--python", sys.executable, folder / "venv"], folder)
        _run([uv, "pip", "install", "--quiet", "--python", self.python, *RELEASES], folder)

    def startproject(self):
        """A page at `/`, a form that stores a person at `/join/`, the admin at `/admin/`."""
        here = self._folder("django")
        _run([self.python, "-m", "django", "startproject", "stock", here], here)
        for name, text in PEOPLE.items():
            _write(here / "people" / name, text)
        _write(here / "templates" / "page.html", PAGE)
        _write(here / "templates" / "join.html", JOIN)
        _write(here / "stock" / "urls.py", URLS)
        return self._ready(here, "stock.settings", "stock.wsgi:application", WITH_ACCOUNTS)

    def wagtail(self):
        """Its welcome page at `/`."""
        here = self._folder("wagtail")
        _run([self.python, "-m", "wagtail.bin.wagtail", "start", "peer", here], here)
        return self._ready(here, "peer.settings.base", "peer.wsgi:application")

    def _folder(self, name):
        (self.folder / name).mkdir()
        return self.folder / name

    def _ready(self, here, settings, module, more=""):
        create_database(self.postgres, here.name)
        file = here.joinpath(*settings.split(".")).with_suffix(".py")
        file.write_text(file.read_text() + more + AS_DEPLOYED.format(name=here.name, host=self.postgres.folder))
        environment = {**plain(), "DJANGO_SETTINGS_MODULE": settings}
        _run([self.python, "manage.py", "makemigrations"], here, environment)
        _run([self.python, "manage.py", "migrate"], here, environment)
        return granian(module, here, environment, python=self.python)


def create_database(postgres, name):
    with psycopg.connect(host=str(postgres.folder), user="s4jr", dbname="postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')


def start(peer, stack):
    stack.callback(peer.program.stop)
    peer.program.start()
    peer.program.wait_until(lambda: listens(peer.port))
    return peer


def plain():
    """The environment without the variables that lead Django to the site."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "PYTHON"))}


def _write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def _run(command, folder, environment=None):
    done = subprocess.run(command, cwd=folder, env=environment or plain(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command} failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
