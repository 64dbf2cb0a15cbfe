#!/bin/bash
# Our client and our server against the programs of others, on every host, and CPython's own ssl beside them; writes docs/interop.md.
# OWN=1 plays CPython's own ssl alone, and writes nothing. Programs come from the distribution when this runs as root.
source "$(dirname "$0")/common.sh"

need "$PYTHON" python3 && need dotnet dotnet-sdk-10.0 || exit 1
need openssl openssl || exit 1
[[ -f artifacts/cpython/_ssl.abi3.so ]] || tools/build.sh cpython || say "-- the module for CPython cannot be built: going on without it"
[[ -x artifacts/ironpython/ipyssl ]] || tools/build.sh ironpython || say "-- IronPython cannot be had: going on without it"
while read -r program package; do need "$program" "$package"; done <<'END'
gnutls-cli gnutls-bin
go golang-go
java default-jdk-headless
node nodejs
curl curl
nginx nginx-light
apache2 apache2-bin
haproxy haproxy
stunnel stunnel4
END
if [[ -n ${OWN:-} ]]; then
    exec "$PYTHON" tests/interop/run.py --own "$@"
fi
if [[ $# == 0 ]]; then set -- --write; fi
exec "$PYTHON" tests/interop/run.py "$@"
