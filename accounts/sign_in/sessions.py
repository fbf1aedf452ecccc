"""Sessions in the database, as Django keeps them; what every request asks is composed once."""

from __future__ import annotations

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from outsourcing.prepared import Composed

KNOWN = Composed(planned_once=True)
KEY = "the key of a session"  # stands for one while the query is composed


class SessionStore(DatabaseStore):
    def _get_session_from_db(self):
        model = self.model

        def compose():
            return model.objects.filter(session_key=KEY).values_list(
                "session_key", "session_data", "expire_date"
            )

        for row in KNOWN.rows("session", compose, {KEY: self.session_key}):
            found = model(*row)
            if found.expire_date > timezone.now():
                return found
        self._session_key = None
        return None
