"""Keys, signatures, passwords and random tokens."""
