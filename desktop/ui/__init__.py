"""Every window of the desk."""
