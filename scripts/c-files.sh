#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# c-files.sh: lists the C files of ours, tracked or not yet.
cd "$(dirname "$0")/.." || exit 1
git ls-files --cached --others --exclude-standard -- '*.c' '*.h' | grep -v '^test/fixtures/toysource/'
