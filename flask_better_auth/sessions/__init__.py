"""The session engine: cookies in, a decision and cookie changes out.

Nothing here imports Flask or SQLAlchemy.
"""
