#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# format.sh: formats TypeScript and what it is configured with.
cd "$(dirname "$0")/.." || exit 1
exec npx --no-install prettier --write --log-level warn ts test scripts examples bench '*.json' '*.js'
