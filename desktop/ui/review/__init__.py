"""The review: the queue, the case as it was submitted, and the decision."""
