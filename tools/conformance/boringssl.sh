#!/bin/bash
# Runs the TLS test runner of BoringSSL against the module on CPython, some eight thousand connections with a peer that
# misbehaves in every way it can: boringssl.sh, with BORINGSSL naming a folder with BoringSSL's source.
# RUNNER names the runner, built before, where no Go is or its modules cannot be had; CASES chooses cases by patterns with
# semicolons between; OWN=1 runs the same with the interpreter's own ssl and tells what only that passed.
source "$(dirname "$0")/../common.sh"

runner=${BORINGSSL:-}/ssl/test/runner
if [[ ! -f $runner/runner.go ]]; then
    say "-- BORINGSSL=FOLDER must name a folder with the source of BoringSSL, of which ssl/test/runner is run"
    exit 1
fi
need "$PYTHON" python3 || exit 1
[[ -f artifacts/cpython/_ssl.abi3.so ]] || tools/build.sh cpython || exit 1

kept="$ROOT/artifacts/conformance"
mkdir -p "$kept"
if [[ -z ${RUNNER:-} ]]; then
    if ! command -v go >/dev/null; then
        say "-- go is missing: install it, at least of the version in BoringSSL's go.mod, or name a built runner by RUNNER"
        exit 1
    fi
    RUNNER="$kept/runner"
    (cd "$runner" && step "building the runner" 900 go test -c -o "$RUNNER" .) || exit 1
fi

# run NAME PYTHONPATH : the runner with the ssl module found there, the results in NAME.json.
run() {
    printf '#!/bin/sh\nPYTHONPATH=%q exec %q -S %q "$@"\n' "$2" "$(command -v "$PYTHON")" "$ROOT/tests/conformance/boringssl/shim.py" >"$kept/$1"
    chmod +x "$kept/$1"
    rm -f "$kept/$1.json"
    : >"$kept/$1.skips"
    # The runner ends with 1 when a case failed: report.py tells that.
    SHIM_SKIPS="$kept/$1.skips" step "BoringSSL's runner, $1" 3600 sh -c '"$@" || [ -f "$0" ]' "$kept/$1.json" \
        "$RUNNER" -test.timeout 0 -shim-path "$kept/$1" -shim-config "$ROOT/tests/conformance/boringssl/config.json" \
        -allow-unimplemented -pipe ${CASES:+-test "$CASES"} -json-output "$kept/$1.json"
}

run ours "$ROOT/lib:$ROOT/artifacts/cpython" || exit 1
other=()
if [[ ${OWN:-} ]]; then
    run own "" || exit 1
    other=("$kept/own.json")
fi
"$PYTHON" tests/conformance/boringssl/report.py "$kept/ours.json" "$kept/ours.skips" tests/conformance/boringssl/config.json "${other[@]}"
