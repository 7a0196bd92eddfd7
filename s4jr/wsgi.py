"""What granian serves: `granian --interface wsgi s4jr.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "s4jr.settings")

application = get_wsgi_application()
