#!/bin/sh
# The reader that was written from docs/bundle-format.md alone.
exec python3 tests/bundle_reader.py
