#!/usr/bin/env bash
# All that a release needs: the checks, the web console, the emitted JavaScript with what it needs to run, the package of npm.
#
#   scripts/build_local.sh                    with the version of package.json
#   version=1.1.0 scripts/build_local.sh
#   checks=no scripts/build_local.sh          without the checks
#
# What it makes is below build/. Ends with another exit code than 0 when a step failed.
set -euo pipefail
cd "$(dirname "$0")/.."

arguments=()
[[ "${checks:-yes}" == no ]] || arguments+=(--checks)
[[ -z "${version:-}" ]] || arguments+=(--version "$version")
exec node scripts/release.mjs "${arguments[@]}"
