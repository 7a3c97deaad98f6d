"""Makes Django's tables in a database, or reads an Event's rows through Django's models.

Usage: events.py make DB | read DB
"""

import datetime
import sys

import django
from django.conf import settings

settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": sys.argv[2]}},
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes"],
    USE_TZ=True,
    TIME_ZONE="UTC",
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
)
django.setup()

from django.contrib.auth.hashers import check_password  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, models  # noqa: E402


class Event(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    created_at = models.DateTimeField()
    starts_at = models.DateTimeField()
    day = models.DateField()
    opens = models.TimeField()
    price = models.DecimalField(max_digits=8, decimal_places=2)
    active = models.BooleanField()

    class Meta:
        app_label = "events"


def make():
    call_command("migrate", verbosity=0)
    with connection.schema_editor() as editor:
        editor.create_model(Event)


def show(name, chosen, all_rows, keep):
    """Prints the ids of the chosen rows. Django must choose what Python chooses."""
    chosen = sorted(row.pk for row in chosen)
    kept = sorted(row.pk for row in all_rows if keep(row))
    if chosen != kept:
        sys.exit(f"{name}: Django chooses {chosen}, Python {kept}")
    print(name, *chosen)


def read():
    utc = datetime.timezone.utc
    at = datetime.datetime(2024, 9, 1, tzinfo=utc)
    day = datetime.date(2024, 9, 1)
    noon = datetime.time(12)
    events, users = Event.objects.all(), User.objects.all()
    show("created", events.filter(created_at__lt=at), events, lambda e: e.created_at < at)
    show("starts", events.filter(starts_at__gte=at), events, lambda e: e.starts_at >= at)
    show("day", events.filter(day__lt=day), events, lambda e: e.day < day)
    show("opens", events.filter(opens__lt=noon), events, lambda e: e.opens < noon)
    show("month", events.filter(created_at__month=10), events, lambda e: e.created_at.month == 10)
    show("price", events.filter(price__lt=100), events, lambda e: e.price < 100)
    show("active", events.filter(active=True), events, lambda e: e.active is True)
    spring = datetime.datetime(2024, 4, 1, tzinfo=utc)
    for encoded in {user.password for user in users}:
        if not check_password("password", encoded):
            sys.exit(f"Django does not take {encoded} for the hash of a password")
    show("joined", users.filter(date_joined__lt=spring), users, lambda u: u.date_joined < spring)


{"make": make, "read": read}[sys.argv[1]]()
