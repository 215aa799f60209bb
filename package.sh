#!/usr/bin/env bash
# Makes ocpp_csms-VERSION.tgz, which runs on a machine that has nothing but Node.js: docs/operations/package.md
#
#   version=1.1.0 ./package.sh                without version: that of package.json
#
# The checks are not part of it; scripts/build_local.sh has them.
set -euo pipefail
cd "$(dirname "$0")"

version="${version:-$(node -p 'require("./package.json").version')}"
name="ocpp_csms-$version"
version="$version" checks=no scripts/build_local.sh

# The same files make the same archive, wherever and whenever it is made. (GNU tar alone can.)
options=()
if tar --version | grep -q GNU; then
  when="$(git log -1 --format=%cI 2>/dev/null || date -u -r package.json +%Y-%m-%dT%H:%M:%SZ)"
  options=(--sort=name --owner=0 --group=0 --numeric-owner --mtime="$when")
fi
echo "Packing $name.tgz …"
tar "${options[@]}" -C build -cf - "$name" | gzip -n > "$name.tgz.part"
mv "$name.tgz.part" "$name.tgz"
echo "$name.tgz: $(($(wc -c < "$name.tgz") / 1000000)) MB. To run it: tar xf $name.tgz && cd $name && node scripts/start.mjs"
