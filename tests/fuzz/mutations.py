"""Spoil bytes as copying, cutting and careless programs do: every change follows from the random numbers given."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import PurePosixPath

TOKENS = (
    b"", b"-", b"\x00", b"\xff\xff\xff\xff", b'"', b",", b"\r\n", b"\n\n", b"*****", b"1e308", b"-1e999", b"nan", b"=1+1",
    b"99999999999999999999", b"2021-02-30", "，".encode("gbk"), "亿元".encode("gbk"), b"\xef\xbb\xbf", b"\x1a", b"<", b"&amp;",
)  # fmt: skip
SHEET = b"\x09\x08\x10\x00\x00\x06\x10\x00"
"""How a sheet of an .xls begins."""


def spoiled(data: bytes, rng: random.Random, others: list[bytes]) -> bytes:
    """Return data with one to three changes of any kind."""
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        change = rng.choice((_flip, _flip, _truncate, _splice, _length, _token, _repeat, _drop, _digit))
        data = change(data, rng, others)
    return data


def spoiled_file(name: str, data: bytes, rng: random.Random, others: list[bytes]) -> bytes:
    """Return a file spoiled anywhere or, four times in five, in what its container holds."""
    change = spoiled
    if rng.random() < 0.8:
        change = {".xlsx": spoiled_inside, ".zip": spoiled_inside, ".xls": spoiled_records}.get(
            PurePosixPath(name).suffix, spoiled
        )
    return change(data, rng, others)


def spoiled_records(data: bytes, rng: random.Random, others: list[bytes]) -> bytes:
    """Return an old workbook spoiled from its first sheet on, what follows in its place."""
    start = data.find(SHEET)
    end = data.rfind(b"\x0a\x00\x00\x00") + 4
    if not 0 <= start < end:
        return spoiled(data, rng, others)
    part = spoiled(data[start:end], rng, others)[: end - start].ljust(end - start, b"\x00")
    return data[:start] + part + data[end:]


def spoiled_inside(data: bytes, rng: random.Random, others: list[bytes]) -> bytes:
    """Return a workbook or zip of which one member is spoiled and packed again, so that its checksum holds."""
    with zipfile.ZipFile(io.BytesIO(data), metadata_encoding="gbk") as archive:
        members = {item.filename: archive.read(item) for item in archive.infolist()}
    name = rng.choice([name for name in members if name.startswith("xl/")] * 3 + list(members))
    if rng.random() < 0.05:
        del members[name]
    else:
        members[name] = spoiled_file(name, members[name], rng, list(members.values()))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(zipfile.ZipInfo(member, (1980, 1, 1, 0, 0, 0)), content)
    return packed.getvalue()


def _at(data: bytes, rng: random.Random) -> int:
    """Return a place, headers more often than not."""
    most = len(data) if rng.random() < 0.6 else min(len(data), 128)
    return rng.randrange(max(1, most))


def _flip(data: bytes, rng: random.Random, others: list[bytes]) -> bytes:
    at = _at(data, rng)
    new = rng.choice((rng.randrange(256), (data[at] if data else 0) ^ (1 << rng.randrange(8))))
    return data[:at] + bytes([new]) + data[at + 1 :]


def _truncate(data: bytes, rng: random.Random, others: list[bytes]) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def _splice(data: bytes, rng: random.Random, others: list[bytes]) -> bytes:
    other = rng.choice(others)
    start, size = _at(other, rng), rng.choice((1, 4, 8, 32, 300, 10_000))
    at = _at(data, rng)
    return data[:at] + other[start : start + size] + data[at + rng.choice((0, size)) :]


def _length(data: bytes, rng: random.Random, others: list[bytes]) -> bytes:
    """Write a tempting number over a field of 1, 2, 4 or 8 bytes."""
    size = rng.choice((1, 2, 4, 4, 8))
    number = rng.choice(
        (0, 1, 2, 3, 4, 7, 100, 255, 256, 1000, 65_535, 2**31 - 1, 2**31, 2**32 - 1, 2**63 - 1)
    )
    at = _at(data, rng) // rng.choice((1, 4)) * 4
    field = (number % 256**size).to_bytes(size, rng.choice(("little", "big")))
    return data[:at] + field + data[at + size :]


def _token(data: bytes, rng: random.Random, others: list[bytes]) -> bytes:
    at = _at(data, rng)
    return data[:at] + rng.choice(TOKENS) + data[at + rng.choice((0, 0, 1, 4)) :]


def _repeat(data: bytes, rng: random.Random, others: list[bytes]) -> bytes:
    start = _at(data, rng)
    part = data[start : start + rng.choice((1, 8, 61, 500))]
    return data[:start] + part * rng.choice((2, 3, 50)) + data[start + len(part) :]


def _drop(data: bytes, rng: random.Random, others: list[bytes]) -> bytes:
    start = _at(data, rng)
    return data[:start] + data[start + rng.choice((1, 2, 8, 50, 500)) :]


def _digit(data: bytes, rng: random.Random, others: list[bytes]) -> bytes:
    """Change a digit: what stands between quotes or tags most often is one."""
    places = [at for at, byte in enumerate(data) if 48 <= byte <= 57]
    if not places:
        return data
    at = rng.choice(places)
    return data[:at] + rng.choice((b"0", b"9", b"99999", b"-", b".", b"e9", b"")) + data[at + 1 :]
