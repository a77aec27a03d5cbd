"""The fictitious sample park: one module a noun, put together by ``scripts/make_sample.py``."""
