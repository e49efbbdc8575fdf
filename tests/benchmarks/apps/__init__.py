"""The Flask apps that are measured; a module each, so none loads another's imports."""
