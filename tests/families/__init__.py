"""Families of SOPs: one procedure retold by several agencies, with the truth of which step is which."""
