"""The letter: read as it is printed, issued, printed, saved and marked as sent."""
