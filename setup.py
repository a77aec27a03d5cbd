"""Names the packages of the wheel: landeval's own, and the sample park and the docs, which stand beside it (pyproject.toml says where)."""

from setuptools import find_packages, setup

setup(packages=[*find_packages(include=["landeval*"]), "landeval.docs", "landeval.sample"])
