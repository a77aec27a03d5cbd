"""The registry of fields: names, Chinese labels, units, aliases, plausible ranges."""
