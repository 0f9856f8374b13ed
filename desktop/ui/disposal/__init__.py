"""Disposal in the Retention window: what is due is proposed, and runs are decided and carried out."""
