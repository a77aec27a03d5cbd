"""Dated, cited rules: every threshold with operator, scope, clause and quote."""
