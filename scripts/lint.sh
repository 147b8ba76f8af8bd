#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# lint.sh: everything that can be checked without running the kernel; every check runs, and any failure counts.
set -u
cd "$(dirname "$0")/.."
failed=0
check() {
    name=$1
    shift
    if output=$("$@" 2>&1); then
        echo "ok    $name"
    else
        echo "FAIL  $name"
        printf '%s\n' "$output"
        failed=1
    fi
}

check types npx --no-install tsc -p tsconfig.json
check eslint npx --no-install eslint ts test scripts examples bench
check prettier npx --no-install prettier --check --log-level warn ts test scripts examples bench '*.json' '*.js'
check borders-ts npx --no-install depcruise --config .dependency-cruiser.cjs --output-type err ts
check borders-c sh scripts/check-includes.sh
check c-format sh scripts/check-c-format.sh
check file-headers sh scripts/check-headers.sh
check borders-symbols sh scripts/check-symbols.sh
check generated npx --no-install tsx scripts/generate-docs.ts --check
exit "$failed"
