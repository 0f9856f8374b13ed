"""The desk: its windows, the casework done in them, the letters and the policy behind both."""
