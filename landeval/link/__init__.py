"""Parcels, contracts and enterprises tied together; totals allocated and balanced."""
