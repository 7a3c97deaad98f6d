"""Reads what the commands of django.md have made, as the app would."""
import datetime
import sys

import django
from django.conf import settings

settings.configure(
    DATABASES={
        "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"},
        "production": {"ENGINE": "django.db.backends.sqlite3", "NAME": "production.sqlite3"},
    },
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth"],
    USE_TZ=True,
)
django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.db import models  # noqa: E402


class Venue(models.Model):
    slug = models.SlugField(unique=True)

    class Meta:
        app_label = "events"


class Event(models.Model):
    title = models.CharField(max_length=200)
    starts_at = models.DateTimeField()
    price = models.DecimalField(max_digits=6, decimal_places=2)
    host = models.ForeignKey(User, models.CASCADE)
    venue = models.ForeignKey(Venue, models.CASCADE)

    class Meta:
        app_label = "events"


def want(what, is_so):
    if not is_so:
        sys.exit(what)


want("users", User.objects.count() == 20)
want("password", User.objects.first().check_password("password"))
for event in Event.objects.select_related("host", "venue"):
    want("starts_at", Event.objects.get(starts_at=event.starts_at, pk=event.pk) == event)
    want("another zone", event.starts_at.tzinfo == datetime.timezone.utc or event.starts_at.utcoffset() == datetime.timedelta())
want("events", Event.objects.count() > 0)
production = Venue.objects.using("production")
want("venues", sorted(production.values_list("slug", flat=True)) == ["harbour", "townhall"])
want("users of production", User.objects.using("production").count() == 1)
print("ok")
