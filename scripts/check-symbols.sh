#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# check-symbols.sh: builds every component for each host, by which each undefined symbol is checked: defined by the
# component, by what it requires, or at the lower edge.
set -eu
cd "$(dirname "$0")/.."
for host in posix baremetal; do
    npx --no-install tsx ts/cli/main.ts build --host "$host"
done
