"""The Flask side: blueprints, pages, and who is signed in for a view."""
