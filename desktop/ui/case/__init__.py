"""The windows of one case: a new request, the form and its assessment, the outcome, the history."""
