"""Passwords, the keyring and the store's key."""
