#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# check-headers.sh: every file of ours begins with its licence.
cd "$(dirname "$0")/.." || exit 1
bad=0
for file in $(git ls-files --cached --others --exclude-standard -- '*.ts' '*.c' '*.h' '*.S' '*.cc' '*.sh' '*.cmake' |
    grep -v '^test/fixtures/toysource/'); do
    [ -e "$file" ] || continue
    head -n 3 "$file" | grep -q 'SPDX-License-Identifier: ' || { echo "$file: no SPDX line at the top"; bad=1; }
done
exit $bad
