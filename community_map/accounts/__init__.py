"""Signing in: pages and forms, roles, single sign-on, two-step verification, sessions, and recovering a form."""
