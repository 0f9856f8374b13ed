"""The widgets that every window is made of. One widget or small family to a file."""
