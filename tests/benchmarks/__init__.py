"""Requests per second beside bare Flask, Flask-Login and the original on Node."""
