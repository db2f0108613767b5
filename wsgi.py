"""The WSGI entry for any server: ``gunicorn wsgi:app``. Settings come from the environment, so it is built last."""

from vendor_tracker.app import create_app
from vendor_tracker.settings import Settings

app = create_app(Settings.from_environment())
