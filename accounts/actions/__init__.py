"""The only writers of accounts: verbs, ``by=`` the user, atomic, refusing in Japanese."""
