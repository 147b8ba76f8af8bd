#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# test.sh: lint, then every suite, in two rows side by side, as most tests wait for one process; what the second row says
# is printed when the first is through.  Ends with one line "N passed, N failed".  A suite whose run breaks off counts as
# one failure more; so does each lint failure.
set -u
cd "$(dirname "$0")/.."
work=$(mktemp -d)
mkdir "$work/counts" "$work/tmp"
trap 'rm -rf "$work"' EXIT
trap 'trap - TERM; kill 0' INT	# the second row does not hear of it

# A suite leaves its numbers in a file of its name: those of the reporter, or "0 1 0" if it did not get to its end.
run_suites() {
    for suite in "$@"; do
        find "test/$suite" -name '*.test.ts' 2>/dev/null | grep -q . || continue
        echo "== $suite"
        # mocha reports its failures itself
        RUMPKIT_TEST_COUNTS="$work/counts/$suite" npx --no-install mocha --forbid-only \
            --reporter test/helpers/counting-reporter.cjs "test/$suite/**/*.test.ts"
        [ -s "$work/counts/$suite" ] || echo "0 1 0" >"$work/counts/$suite"
    done
}

echo "== lint"
sh scripts/lint.sh || echo "0 1 0" >"$work/counts/lint"

# A folder of its own for what it leaves about: tests look at what is left.
(TMPDIR="$work/tmp" && export TMPDIR && run_suites conformance parity model interop crash image package) \
    >"$work/second" 2>&1 &
run_suites unit kernel
wait
cat "$work/second"

cat "$work"/counts/* | awk '
    { passed += $1; failed += $2; skipped += $3 }
    END {
        if (skipped) print skipped " skipped (reasons above)"
        print passed + 0 " passed, " failed + 0 " failed"
        exit failed > 0
    }'
