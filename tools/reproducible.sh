#!/bin/bash
# Builds what is shipped twice, from two clones of the commit in two folders, and compares every file: artifacts/reproducible holds both.
source "$(dirname "$0")/common.sh"

need dotnet dotnet-sdk-10.0 && need git git && need "$PYTHON" python3 || exit 1
both="$ROOT/artifacts/reproducible"
rm -rf "$both"
git diff --quiet HEAD || say "-- what is not committed is not in it"
for copy in one another; do
    git clone -q "file://$ROOT" "$both/$copy" && git -C "$both/$copy" checkout -q --detach "$(git rev-parse HEAD)" || exit 1
    # A process of its own each: what common.sh has asked is asked again there.
    (cd "$both/$copy" && env -u IRONPYTHON_RESTORES -u AHEAD_OF_TIME tools/build.sh wheel && env -u IRONPYTHON_RESTORES -u AHEAD_OF_TIME tools/pack.sh) || exit 1
done
compared=0 differing=0
while IFS= read -r file; do
    compared=$((compared + 1))
    if cmp -s "$both/one/$file" "$both/another/$file"; then verdict=same; else verdict=DIFFERS differing=$((differing + 1)); fi
    say "$(sha256sum "$both/one/$file" | cut -c1-64) $verdict ${file#artifacts/}"
done < <(cd "$both/one" && ls artifacts/cpython/_ssl.abi3.so artifacts/wheels/*.whl artifacts/packages/*.{nupkg,snupkg})
say "$compared files, $differing of which differ"
((compared > 2 && differing == 0))
