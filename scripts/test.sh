#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# test.sh: lint, then every suite, the quick ones first; ends with one line "N passed, N failed".
# A suite whose run breaks off counts as one failure more; so does each lint failure.
set -u
cd "$(dirname "$0")/.."
RUMPKIT_TEST_COUNTS=$(mktemp)
export RUMPKIT_TEST_COUNTS
trap 'rm -f "$RUMPKIT_TEST_COUNTS"' EXIT
broken=0

echo "== lint"
sh scripts/lint.sh || broken=$((broken + 1))

for suite in unit kernel conformance parity model interop crash image package; do
    find "test/$suite" -name '*.test.ts' 2>/dev/null | grep -q . || continue
    echo "== $suite"
    before=$(wc -l <"$RUMPKIT_TEST_COUNTS")
    npx --no-install mocha --forbid-only --reporter test/helpers/counting-reporter.cjs "test/$suite/**/*.test.ts"
    # mocha reports its failures itself; without a report it did not get to its end
    [ "$(wc -l <"$RUMPKIT_TEST_COUNTS")" -gt "$before" ] || broken=$((broken + 1))
done

awk -v broken="$broken" '
    { passed += $1; failed += $2; skipped += $3 }
    END {
        failed += broken
        if (skipped) print skipped " skipped (reasons above)"
        print passed + 0 " passed, " failed " failed"
        exit failed > 0
    }' "$RUMPKIT_TEST_COUNTS"
