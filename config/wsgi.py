"""What the web server calls: `granian --interface wsgi config.wsgi:application`."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from config.complaints import complain_in_one_sentence

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

with complain_in_one_sentence():
    application = get_wsgi_application()

# What is loaded by now stays as long as the process, so it need not be looked through again and
# again for what could go: a twentieth of a save.
gc.collect()
gc.freeze()
