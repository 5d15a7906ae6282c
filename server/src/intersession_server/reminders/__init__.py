"""Reminders that reach a device whose app is closed, by the push service of its browser.

They say that something is due and never what: `moments` tells when, `scheduler` sends, `web_push` says how.
"""
