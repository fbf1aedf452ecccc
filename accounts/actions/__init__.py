"""The only writers of accounts: keyword-only verbs, ``by=`` the user, atomic, refusing in Japanese."""
