#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# setup.sh: gets a fresh clone on a fresh Debian ready for `npm run demo` and `npm test`; quick when nothing is to do.
set -eu
cd "$(dirname "$0")/.."

missing_packages() {
    while read -r package; do
        status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
        [ "$status" = installed ] || printf ' %s' "$package"
    done <scripts/packages.txt
}

install_packages() {
    if [ "$(id -u)" = 0 ]; then
        as_root=
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        as_root='sudo -n'
    else
        echo "Debian packages are missing; install them with:" >&2
        echo "  sudo apt-get update && sudo apt-get install -y --no-install-recommends$1" >&2
        exit 1
    fi
    echo "Installing Debian packages:$1"
    $as_root apt-get update -qq
    # word splitting is wanted
    # shellcheck disable=SC2086
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $1 >/dev/null
}

# is_newer THAN PATH...: whether THAN is missing, or any file below the paths is younger.
is_newer() {
    than=$1
    shift
    [ ! -e "$than" ] || [ -n "$(find "$@" -type f -newer "$than" -print -quit)" ]
}

# The stamp is younger than the lock file if what is installed is what the lock file says.  What was compiled from a
# checkout that has moved on since is compiled again.
install_modules() {
    stamp=node_modules/.rumpkit-installed
    if is_newer "$stamp" package-lock.json; then
        echo "Installing npm packages and building the addon"
        npm ci --no-audit --no-fund --loglevel=error
        : >"$stamp"
        return
    fi
    if is_newer build/Release/rumpkit.node binding.gyp glue/node glue/common; then
        echo "Building the addon"
        npm run --silent build:native >/dev/null
        touch build/Release/rumpkit.node
    fi
    if is_newer dist/index.js tsconfig.json tsconfig.build.json ts; then
        echo "Compiling TypeScript"
        npm run --silent build
        touch dist/index.js
    fi
}

if ! command -v dpkg-query >/dev/null 2>&1; then
    echo "This is no Debian: install by hand what scripts/packages.txt lists." >&2
else
    packages=$(missing_packages)
    [ -z "$packages" ] || install_packages "$packages"
fi
install_modules
