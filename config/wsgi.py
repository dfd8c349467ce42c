"""What the web server calls: `granian --interface wsgi config.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

from config.complaints import complain_in_one_sentence

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

with complain_in_one_sentence():
    application = get_wsgi_application()
