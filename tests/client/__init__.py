"""The official JavaScript clients, and the original server to compare with."""
