r"""A backend with Django in one file: the members of a group get a token for the group's video session.

    pip install tokmint django requests gunicorn
    export TOKMINT_API_KEY=... TOKMINT_API_SECRET=... SECRET_KEY=...
    python django_app.py migrate
    python django_app.py createcachetable
    python django_app.py createsuperuser --username ada --email ada@example.com
    python django_app.py shell -c "from django.contrib.auth.models import Group, User;
        Group.objects.create(name='physics').user_set.set(User.objects.all())"
    gunicorn --preload --workers 4 django_app:application

A page that belongs to it logs people in at /login/, and calls `fetch('/rooms/physics/token', { method: 'POST', ... })`
with the header X-CSRFToken. For an application, set TOKMINT_APPLICATION_ID and TOKMINT_PRIVATE_KEY instead of the first
two.
"""

import json
import os
import sys

import requests
from django.conf import settings
from django.core.cache import cache
from django.core.management import execute_from_command_line
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import include, path
from django.views.decorators.http import require_POST

from tokmint import OpenTok, OptionsError, Role

LOGIN_PAGE = "<form method=post>{% csrf_token %}{{ form }}<button>Log in</button></form>"

settings.configure(
    SECRET_KEY=os.environ["SECRET_KEY"],
    ALLOWED_HOSTS=os.environ.get("ALLOWED_HOSTS", "localhost").split(","),
    ROOT_URLCONF=__name__,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ.get("DATABASE", "db.sqlite3")}},
    # Which session a room has: all processes must find the same one. In your project it is a field of a model.
    CACHES={"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "rooms"}},
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [("django.template.loaders.locmem.Loader", {"registration/login.html": LOGIN_PAGE})]
            },
        }
    ],
    LOGIN_REDIRECT_URL="/login/",
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    # Without it errors are logged nowhere.
    LOGGING={
        "version": 1,
        "disable_existing_loggers": False,
        "root": {"handlers": ["console"]},
        "handlers": {"console": {"class": "logging.StreamHandler"}},
    },
)

# Made once. Bad credentials end the start here, and not a request.
if "TOKMINT_APPLICATION_ID" in os.environ:
    opentok = OpenTok.for_application(os.environ["TOKMINT_APPLICATION_ID"], os.environ["TOKMINT_PRIVATE_KEY"])
    api_url = os.environ.get("API_URL", "https://video.api.vonage.com")
else:
    opentok = OpenTok(os.environ["TOKMINT_API_KEY"], os.environ["TOKMINT_API_SECRET"])
    api_url = os.environ.get("API_URL", "https://api.opentok.com")


def create_session() -> str:
    token = opentok.generate_rest_token()
    headers = {"Authorization": f"Bearer {token}"} if opentok.application_id else {"X-OPENTOK-AUTH": token}
    headers["Accept"] = "application/json"
    options = {"archiveMode": "manual", "p2p.preference": "disabled"}
    response = requests.post(f"{api_url}/session/create", options, headers=headers, timeout=10)
    response.raise_for_status()
    return str(response.json()[0]["session_id"])


@require_POST
def join(request: HttpRequest, room: str) -> JsonResponse:
    user = request.user
    if not user.is_authenticated:
        return JsonResponse({"error": "log in"}, status=401)
    if not user.groups.filter(name=room).exists():
        return JsonResponse({"error": "no such room"}, status=404)
    # The first who comes creates the session.
    session_id = cache.get_or_set(f"session:{room}", create_session, timeout=None)
    # Everybody in the session can read the data.
    data = json.dumps({"user": user.get_username(), "nickname": request.POST.get("nickname", "")})
    # The role follows from who it is, never from the request.
    role = Role.MODERATOR if user.is_staff else Role.PUBLISHER
    try:
        token = opentok.generate_token(session_id, role, data=data, expires_in=3600)
    except OptionsError as error:
        # The nickname came from the client. Every other error is the server's own: a 500, and a line in its log.
        return JsonResponse({"error": error.code}, status=400)
    return JsonResponse({"apiKey": opentok.api_key or opentok.application_id, "sessionId": session_id, "token": token})


application = get_wsgi_application()
urlpatterns = [path("", include("django.contrib.auth.urls")), path("rooms/<slug:room>/token", join)]

if __name__ == "__main__":
    execute_from_command_line(sys.argv)
