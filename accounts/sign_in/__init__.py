"""Signing in, and staying so.

``throttle`` how often one may guess; ``backends`` who may sign in; ``second_factor`` codes;
``timeouts`` when a session ends; ``middleware`` asks all that of each request; ``views`` the pages.
"""
