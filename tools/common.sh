# Shared by the scripts beside it: sourced, never run.
# Functions answer by exit status; what a reader should see goes to standard output in whole lines.

set -u -o pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
LOGS="$ROOT/artifacts/logs"
mkdir -p "$LOGS"
cd "$ROOT"

# Build servers outlive the command that started them and keep its pipes open: a caller that waits
# for end of file would then hang. One process per build, no servers.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
export PYTHONDONTWRITEBYTECODE=1

PYTHON=${PYTHON:-python3}

say() { printf '%s\n' "$*"; }

# step NAME SECONDS COMMAND... : runs with a time limit, output to a log, a line every 20 seconds
# while it lasts and, on failure, the end of the log. Answers the command's status (124: timed out).
step() {
    local name=$1 limit=$2 log began status=0 pid ticks=0
    shift 2
    log="$LOGS/${name//[^A-Za-z0-9._-]/_}.log"
    began=$SECONDS
    say "== $name"
    timeout -k 10 "$limit" "$@" >"$log" 2>&1 </dev/null &
    pid=$!
    while kill -0 "$pid" 2>/dev/null; do
        sleep 0.2
        ticks=$((ticks + 1))
        if ((ticks % 100 == 0)); then say "   ... $name: $((SECONDS - began)) s"; fi
    done
    wait "$pid" || status=$?
    if ((status == 0)); then
        say "   $name: done in $((SECONDS - began)) s"
    else
        if ((status == 124 || status == 137)); then say "   $name: no end after $limit s"; fi
        say "   $name: failed with status $status; the end of ${log#"$ROOT"/}:"
        tail -n 40 "$log" | sed 's/^/   | /'
    fi
    return "$status"
}

# need COMMAND PACKAGE : is the command there? As root it is installed from the distribution.
need() {
    command -v "$1" >/dev/null 2>&1 && return 0
    install_package "$2" && command -v "$1" >/dev/null 2>&1 && return 0
    say "-- $1 is missing: install the package $2; going on without what needs it"
    return 1
}

# need_header FILE PACKAGE : is the C header there? As root its package is installed.
need_header() {
    [[ -f /usr/include/$1 ]] && return 0
    install_package "$2" && [[ -f /usr/include/$1 ]] && return 0
    say "-- $1 is missing: install the package $2; going on without what needs it"
    return 1
}

# need_module PYTHON MODULE PACKAGE : can that Python import it? As root its package is installed.
need_module() {
    local find='import importlib.util, sys; sys.exit(importlib.util.find_spec(sys.argv[1].split(".")[0]) is None)'
    "$1" -c "$find" "$2" 2>/dev/null && return 0
    install_package "$3" && "$1" -c "$find" "$2" 2>/dev/null && return 0
    say "-- $2 is missing: install the package $3; going on without what needs it"
    return 1
}

# As root, from the distribution. Its lists of packages are brought up to date once, when a package cannot be had.
install_package() {
    [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null 2>&1 || return 1
    export DEBIAN_FRONTEND=noninteractive
    step "apt-get install $1" 300 apt-get install -y --no-install-recommends "$1" && return 0
    [[ -z ${PACKAGE_LISTS:-} ]] || return 1
    PACKAGE_LISTS=updated
    step "apt-get update" 300 apt-get update && step "apt-get install $1" 300 apt-get install -y --no-install-recommends "$1"
}

# Projects that a stage of the work has not reached yet are simply not there.
has_cpython_module() { [[ -f src/CPythonModule/CPythonModule.csproj ]]; }
has_ironpython_module() { [[ -f src/IronPythonModule/IronPythonModule.csproj && -f src/IronPythonHost/IronPythonHost.csproj ]]; }

# Can IronPython be had from the configured package source? Asked once per process. AHEAD_OF_TIME tells
# whether the compiler that shortens its start can be had too.
ironpython_restores() {
    if [[ -z ${IRONPYTHON_RESTORES:-} ]]; then
        IRONPYTHON_RESTORES=no AHEAD_OF_TIME=true
        restore_ironpython || { AHEAD_OF_TIME=false; restore_ironpython; } && IRONPYTHON_RESTORES=yes
        export IRONPYTHON_RESTORES AHEAD_OF_TIME
    fi
    [[ $IRONPYTHON_RESTORES == yes ]]
}

# Is there a .NET 8 runtime? NET8 is the `dotnet` of it: the machine's own, or one laid out from packages. Asked once per process.
has_net8() {
    if [[ -z ${NET8:-} ]]; then
        if dotnet --list-runtimes | grep -q '^Microsoft\.NETCore\.App 8\.'; then
            NET8=$(command -v dotnet)
        else
            NET8="$ROOT/artifacts/dotnet-8.0/dotnet"
            timeout -k 10 300 dotnet build tools/runtime -t:Lay -restore -v quiet >"$LOGS/runtime-8.0.log" 2>&1 </dev/null
            "$NET8" --list-runtimes 2>/dev/null | grep -q '^Microsoft\.NETCore\.App 8\.' || NET8=none
        fi
        export NET8
    fi
    [[ $NET8 != none ]]
}

restore_ironpython() {
    timeout -k 10 300 dotnet restore src/IronPythonHost/IronPythonHost.csproj "-p:AheadOfTime=$AHEAD_OF_TIME" \
        >"$LOGS/ironpython-restore.log" 2>&1 </dev/null
}
