from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class InterviewConfig(AppConfig):
    name = "interview"
    verbose_name = _("interviews")

    def ready(self) -> None:
        from interview.groups import create_groups

        # Permissions exist only after migrating, as Django makes them in this signal too.
        post_migrate.connect(create_groups, sender=self)
