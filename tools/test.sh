#!/bin/bash
# Runs every suite on every host present and sums their counts. The last line, also left in
# artifacts/test/summary, is `N passed, N failed, N skipped`; the exit status is 1 when anything failed.
source "$(dirname "$0")/common.sh"

RESULTS="$ROOT/artifacts/test"
# Pages of documentation beside the checkout, whose examples tests/python/test_documentation.py runs as well.
export DOCUMENTATION_PAGES=${DOCUMENTATION_PAGES:-$(printf '%s:' "$ROOT"/../shared/seed/*.{rst,html})}
rm -rf "$RESULTS"
mkdir -p "$RESULTS"
passed=0 failed=0 skipped=0
lines=() failures=()

add() { # NAME PASSED FAILED SKIPPED
    passed=$((passed + $2)) failed=$((failed + $3)) skipped=$((skipped + $4))
    lines+=("$(printf '%-40s %6d passed %4d failed %4d skipped' "$1" "$2" "$3" "$4")")
    say "   $1: $2 passed, $3 failed, $4 skipped"
}

skip_suite() { # NAME REASON
    skipped=$((skipped + 1))
    lines+=("$(printf '%-40s skipped: %s' "$1" "$2")")
    say "-- $1: skipped, $2"
}

fail_suite() { # NAME REASON
    failed=$((failed + 1))
    lines+=("$(printf '%-40s FAILED: %s' "$1" "$2")")
    failures+=("failed: $1: $2")
    say "-- $1: FAILED, $2"
}

nunit() { # PROJECT [HOW FILTER VARIABLE=VALUE...]; NUNIT_ON names a framework other than net10.0
    local name trx counters status=0 total executed ok bad framework=${NUNIT_ON:-net10.0} host=()
    name=$(basename "$1" .csproj)${2:+ $2}
    trx=${name// /-}.trx
    if [[ $framework == net8.0 ]]; then host=(-- "RunConfiguration.DotNetHostPath=$NET8"); fi
    step "NUnit $name" 900 env "${@:4}" dotnet test "$1" -c Release --no-build -f "$framework" ${3:+--filter "$3"} --logger "trx;LogFileName=$trx" \
        --results-directory "$RESULTS" --blame-hang-timeout 120s "${host[@]}" || status=$?
    trx="$RESULTS/$trx"
    counters=$(grep -o '<Counters [^>]*>' "$trx" 2>/dev/null | head -n 1)
    if [[ -z $counters ]]; then
        if ((status == 0)); then skip_suite "NUnit $name" "no tests in it"; else fail_suite "NUnit $name" "did not run (status $status)"; fi
        return
    fi
    total=$(attribute total "$counters") executed=$(attribute executed "$counters") ok=$(attribute passed "$counters")
    if ((status == 0 && total == 0)); then skip_suite "NUnit $name" "no tests in it yet"; return; fi
    bad=$((executed - ok))
    # A crash after the last result leaves tidy counters behind: the status says otherwise.
    if ((status != 0 && bad == 0)); then bad=1; failures+=("failed: NUnit $name: status $status after the last test"); fi
    add "NUnit $name" "$ok" "$bad" "$((total - executed))"
    failed_in "$trx" >"$trx.failed"
    name_failures "NUnit $name" "$trx.failed"
}

# A line `failed: test: why` for each test of a .trx that did; why is the first line of its message.
failed_in() { # TRX
    awk -F'"' '/<UnitTestResult / { for (i = 1; i < NF; i++) if ($i ~ / testName=$/) test = $(i + 1); bad = / outcome="Failed"/ }
        bad && sub(/.*<Message>/, "") { sub(/<.*/, ""); print "failed: " test ": " $0; bad = 0 }' "$1"
}

# Keeps for the end which tests failed, by the lines `failed: test` in a log.
name_failures() { # SUITE LOG
    local line
    while IFS= read -r line; do failures+=("failed: $1: ${line#*failed: }"); done < <(grep -E '^ *failed: ' "$2")
}

attribute() { sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<<"$2"; }

# Any runner whose log ends with `N passed, N failed, N skipped`.
counted() { # NAME SECONDS COMMAND...
    local name=$1 status=0 line
    step "$@" || status=$?
    line=$(grep -E '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$LOGS/${name//[^A-Za-z0-9._-]/_}.log" | tail -n 1)
    if [[ $line =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed,\ ([0-9]+)\ skipped$ ]]; then
        local bad=${BASH_REMATCH[2]}
        if ((status != 0 && bad == 0)); then bad=1; failures+=("failed: $name: status $status after its counts"); fi
        add "$name" "${BASH_REMATCH[1]}" "$bad" "${BASH_REMATCH[3]}"
        name_failures "$name" "$LOGS/${name//[^A-Za-z0-9._-]/_}.log"
    else
        fail_suite "$name" "ended without its counts (status $status)"
    fi
}

python_suites() {
    local status
    if ! has_cpython_module; then
        skip_suite "tests/python on CPython" "src/CPythonModule is not there yet"
    else
        status=0; tools/build.sh cpython || status=$?
        if ((status == 3)); then
            skip_suite "tests/python on CPython" "the module cannot be built here (named above)"
        elif ((status != 0)); then
            fail_suite "tests/python on CPython" "the module did not build"
        elif ! need "$PYTHON" python3; then
            skip_suite "tests/python on CPython" "no python3"
        elif [[ ! -f tests/python/run.py ]]; then
            skip_suite "tests/python on CPython" "tests/python/run.py is not there yet"
        else
            # The page of the distribution's Python, whose examples test_documentation.py runs.
            compgen -G '/usr/share/doc/python3*/html/library/ssl.html' >/dev/null || install_package python3-doc ||
                say "-- python3-doc is missing: install it; going on without its page of documentation"
            python_on_each
            clients_suite
            counted "CPython's own suites" 1200 "$PYTHON" tests/cpython/run.py
            wheel_suite
        fi
    fi
    if ! has_ironpython_module; then
        skip_suite "tests/python on IronPython" "src/IronPythonModule is not there yet"
    else
        status=0; tools/build.sh ironpython || status=$?
        if ((status == 3)); then
            skip_suite "tests/python on IronPython" "IronPython cannot be restored here"
        elif ((status != 0)); then
            fail_suite "tests/python on IronPython" "the module did not build"
        elif [[ ! -f tests/python/run.py ]]; then
            skip_suite "tests/python on IronPython" "tests/python/run.py is not there yet"
        else
            counted "tests/python on IronPython" 900 artifacts/ironpython/ipyssl tests/python/run.py
            ironpython_own_suite "" artifacts/ironpython/ipyssl
            console_suite "" artifacts/ironpython dotnet
            embedding_example
            ironpython_on_net8
        fi
    fi
}

# The libraries of others that the distribution packages for its Python, each over ours and over CPython's own module.
clients_suite() {
    local name="tests/clients, libraries of others" python=${CLIENTS_PYTHON:-/usr/bin/python3} module package
    if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        skip_suite "$name" "$python is no CPython 3.11 or newer"
        return
    fi
    while read -r module package; do need_module "$python" "$module" "$package"; done < <("$python" tests/clients/run.py --packages)
    need mosquitto mosquitto
    [[ -d /usr/lib/postgresql ]] || install_package postgresql || say "-- postgresql is missing: install it; going on without what needs it"
    counted "$name" 900 "$python" tests/clients/run.py
}

wheel_suite() {
    local name="the wheel, in environments of every CPython"
    "$PYTHON" -c "import ensurepip" 2>/dev/null || install_package python3-venv
    if tools/build.sh pack_wheel; then
        counted "$name" 600 "$PYTHON" tests/wheel/run.py
    else
        fail_suite "$name" "it could not be packed"
    fi
}

# The engine's cryptography on .NET for 64-bit Arm, emulated: whether it computes what it should, not how fast.
arm64_suite() {
    local name="NUnit Engine.Tests on emulated arm64" log="$LOGS/arm64-prepare.log" status
    tools/arm64.sh prepare 2>&1 | tee "$log"
    status=${PIPESTATUS[0]}
    if ((status == 3)); then
        skip_suite "$name" "$(tail -n 1 "$log" | sed 's/^-- //')"
    elif ((status != 0)); then
        fail_suite "$name" "what runs the tests did not build"
    else
        counted "$name" 960 tools/arm64.sh run
    fi
}

# The measurements' own logic, and each of their loads once, on the interpreter that orders them.
bench_suite() {
    if need "$PYTHON" python3; then
        counted "tests/differential" 300 "$PYTHON" tests/python/run.py -d tests/differential
        counted "tests/faults" 300 "$PYTHON" tests/python/run.py -d tests/faults
        counted "tests/soak" 180 "$PYTHON" tests/python/run.py -d tests/soak
        counted "tests/bench" 120 "$PYTHON" tests/python/run.py -d tests/bench
    else
        skip_suite "tests/bench, tests/soak and others" "no python3"
    fi
}

# The programs of others that are here already, a few combinations each: `make interop` brings the others and plays all.
interop_suite() {
    if need "$PYTHON" python3 && command -v openssl >/dev/null; then
        counted "tests/interop, programs of others" 240 "$PYTHON" tests/interop/run.py --short
    else
        skip_suite "tests/interop, programs of others" "no python3 or no openssl"
    fi
}

# The links between the project's pages.
docs_suite() {
    if need "$PYTHON" python3; then
        counted "tests/docs" 60 "$PYTHON" tests/python/run.py -d tests/docs
    else
        skip_suite "tests/docs" "no python3"
    fi
}

# Packed, looked into, and used in programs outside the solution, restored into an empty package cache.
packages_suite() {
    if ! need "$PYTHON" python3; then
        skip_suite "the NuGet packages" "no python3"
    else
        has_net8
        counted "the NuGet packages" 900 "$PYTHON" tests/packages/run.py
    fi
}

# tests/python on every interpreter that PYTHONS names or that is present, as tests/cpython/interpreters.py says.
python_on_each() {
    local list label command
    if ! list=$("$PYTHON" tests/cpython/interpreters.py 2>&1); then
        fail_suite "tests/python on CPython" "$list"
        return
    fi
    if [[ -z $list ]]; then skip_suite "tests/python on CPython" "no CPython 3.11 to 3.15"; fi
    while IFS=$'\t' read -r label command && [[ -n $command ]]; do
        counted "tests/python on CPython $label" 600 env PYTHONPATH="$ROOT/lib:$ROOT/artifacts/cpython" "$command" tests/python/run.py
    done <<<"$list"
}

ironpython_on_net8() {
    local name="tests/python on IronPython, .NET 8"
    if ! has_net8; then
        skip_suite "$name" "no .NET 8 runtime, and none to be had from the configured package source"
    else
        counted "$name" 900 env "DOTNET_ROOT=${NET8%/*}" "$NET8" artifacts/ironpython-net8.0/ipyssl.dll tests/python/run.py
        DOTNET_ROOT=${NET8%/*} ironpython_own_suite ", .NET 8" artifacts/ironpython-net8.0/ipyssl
        DOTNET_ROOT=${NET8%/*} console_suite ", .NET 8" artifacts/ironpython-net8.0 "$NET8"
    fi
}

# The README's C# program, as it stands: its script prints the module's version.
embedding_example() {
    if step "examples/Embedding" 120 dotnet run --project examples/Embedding -c Release -f net10.0 --no-build &&
        grep -q '^OpenSSL .*SslModule.* TLSVersion.TLSv1_2$' "$LOGS/examples_Embedding.log"; then
        add "examples/Embedding" 1 0 0
    else
        fail_suite "examples/Embedding" "it did not print the module's version"
    fi
}

# ASP.NET's server over TlsStream, asked by HTTP/1.1 and HTTP/2 through TlsStream and through SslStream, with and without client certificates.
kestrel_example() {
    local log="$LOGS/examples_Kestrel.log"
    if ! dotnet --list-runtimes | grep -q '^Microsoft\.AspNetCore\.App 10\.'; then
        skip_suite "examples/Kestrel" "no shared framework of ASP.NET 10 (aspnetcore-runtime-10.0)"
    elif step "examples/Kestrel" 120 dotnet run --project examples/Kestrel -c Release --no-build -- check &&
        [[ $(grep -c '^\(TlsStream\|SslStream\): HTTP/\(1.1\|2\), TLSv1.3, client \(unknown\|CN=a client\)$' "$log") == 6 ]] &&
        grep -q '^refused: The TLS handshake failed: certificate verify failed: self-signed certificate$' "$log" &&
        grep -q '^logged: Warning: HandshakeFailed isServer=False, elapsedMilliseconds=.*, exceptionMessage=certificate verify failed: self-signed certificate$' "$log"; then
        add "examples/Kestrel" 1 0 0
    else
        fail_suite "examples/Kestrel" "it did not print seven answers and what was logged"
    fi
}

# ipyssl as a console, and the two folders in IronPython's own: make test IPY=FOLDER
console_suite() { # WHERE FOLDER DOTNET
    if need "$PYTHON" python3; then
        counted "tests/consoles$1" 900 env "IPYSSL=$2" "DOTNET=$3" "$PYTHON" tests/python/run.py -l 600 -d tests/consoles
    else
        skip_suite "tests/consoles$1" "no python3"
    fi
}

# IronPython's test_ssl, which its package does not carry: make test IRONPYTHON_TESTS=.../Src/StdLib/Lib/test
ironpython_own_suite() { # WHERE CONSOLE
    local which name folder=${IRONPYTHON_TESTS:-}
    for which in own ours; do
        name="IronPython's test_ssl, $which ssl.py$1"
        if [[ ! -f $folder/test_ssl.py ]]; then
            skip_suite "$name" "IRONPYTHON_TESTS names no folder with its test_ssl.py"
        elif ! need "$PYTHON" python3; then
            skip_suite "$name" "no python3"
        else
            counted "$name" 600 "$PYTHON" tests/ironpython/run.py "$folder" "$which" "$2"
        fi
    done
}

if need dotnet dotnet-sdk-10.0; then
    if tools/build.sh solution; then
        need openssl openssl
        # The peers of tests/python/test_peers.py; java and node are used where they are.
        need gnutls-cli gnutls-bin
        need curl curl
        need tshark tshark
        need redis-server redis-server
        for project in tests/dotnet/*/*.csproj; do nunit "$project"; done
        # What the processor lacks elsewhere; and what takes its place may allocate more, but not much.
        nunit tests/dotnet/Engine.Tests/Engine.Tests.csproj "without AVX2" "FullyQualifiedName~Tests.Crypto|FullyQualifiedName~AllocationTests" DOTNET_EnableAVX2=0
        nunit tests/dotnet/Engine.Tests/Engine.Tests.csproj "without instructions" "FullyQualifiedName~Tests.Crypto|FullyQualifiedName~AllocationTests" DOTNET_EnableHWIntrinsic=0
        # Without a primitive of our own.
        nunit tests/dotnet/Engine.Tests/Engine.Tests.csproj "with the platform's cryptography" \
            "FullyQualifiedName~Tests.Crypto|FullyQualifiedName~Certificates.Keys|FullyQualifiedName~PostHandshake|FullyQualifiedName~RsaKeyExchange|FullyQualifiedName~KeyUpdate|FullyQualifiedName~GroupTests" SSLMODULE_CRYPTO=platform
        if has_net8; then
            # Compiled at once as it is in the end: the tests that count garbage mean a program that has run for a while.
            NUNIT_ON=net8.0 nunit tests/dotnet/Engine.Tests/Engine.Tests.csproj "on .NET 8" "" "DOTNET_ROOT=${NET8%/*}" DOTNET_TieredCompilation=0
        else
            skip_suite "NUnit Engine.Tests on .NET 8" "no .NET 8 runtime, and none to be had from the configured package source"
        fi
        arm64_suite
        kestrel_example
    else
        fail_suite "build" "the solution did not compile"
    fi
    python_suites
    bench_suite
    interop_suite
    docs_suite
    packages_suite
else
    fail_suite "build" "no dotnet"
fi

say
printf '%s\n' "${lines[@]}"
say
# Last, where whoever looks at the end of a long log finds them.
if ((${#failures[@]} > 0)); then printf '%s\n' "${failures[@]}"; fi
say "$passed passed, $failed failed, $skipped skipped" | tee "$RESULTS/summary"
((failed == 0))
