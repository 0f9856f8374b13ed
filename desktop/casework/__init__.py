"""What people do: one function per action. No Qt, no SQL text."""
