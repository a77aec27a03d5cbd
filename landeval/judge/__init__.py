"""Numbers and rules to findings, status and disposal route."""
