#!/bin/bash
# Fuzzes what a stranger can send. Without TARGET, certificates, lists, keys and PEM texts are damaged at random: FUZZ_ROUNDS inputs of
# each of four kinds, a million in all by default, from FUZZ_SEED. With TARGET, one of those that a wrong one makes it list, or all,
# afl-fuzz does it, guided by the coverage of the engine, for TIME seconds (60 by default). Inputs are kept in artifacts/fuzz/TARGET, and a
# later run goes on from there; what made it fail is in crashes/ and hangs/ there, and the status is 1.
source "$(dirname "$0")/common.sh"

need dotnet dotnet-sdk-10.0 || exit 1
kept="$ROOT/artifacts/fuzz"
plain="$kept/plain/SslModule.Engine.Tests.dll"
instrumented="$kept/instrumented/SslModule.Engine.Tests.dll"

at_random() {
    export FUZZ_ROUNDS=${FUZZ_ROUNDS:-250000} FUZZ_SEED=${FUZZ_SEED:-$RANDOM}
    say "$FUZZ_ROUNDS inputs of each kind from seed $FUZZ_SEED"
    dotnet test tests/dotnet/Engine.Tests -c Release -f net10.0 --filter "FullyQualifiedName~FuzzTests" --logger "console;verbosity=normal"
}

# The tests as a program, and a copy in which the engine tells where it has been. Run without afl-fuzz, the copy would have nobody to tell.
build() {
    local tool="$kept/tool"
    mkdir -p "$kept"
    step "publish of the targets" 600 dotnet publish tests/dotnet/Engine.Tests -c Release -f net10.0 -v quiet -o "${plain%/*}" || return 1
    [[ -x $tool/sharpfuzz ]] || step "install of SharpFuzz.CommandLine" 300 dotnet tool install --tool-path "$tool" SharpFuzz.CommandLine --version 2.3.0 || return 1
    rm -rf "${instrumented%/*}"
    cp -r "${plain%/*}" "${instrumented%/*}" && step "instrumentation" 300 "$tool/sharpfuzz" "${instrumented%/*}/SslModule.Engine.dll"
}

stat() { sed -n "s/^$2 *: *//p" "$kept/$1/default/fuzzer_stats"; }

guided() { # TARGET
    local seeds="$kept/seeds/$1" out="$kept/$1" try
    step "seeds" 120 dotnet "$plain" seeds "$1" "$seeds" || return 1
    [[ -d $out/default/queue ]] && seeds=-
    export AFL_SKIP_BIN_CHECK=1 AFL_NO_UI=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_FORKSRV_INIT_TMOUT=60000
    export DOTNET_TieredPGO=0 DOTNET_gcConcurrent=0
    # On a busy machine afl-fuzz may miss the first answer and see no instrumentation: once more then.
    for try in 1 2 3; do
        step "afl-fuzz, $1" $((${TIME:-60} + 120)) afl-fuzz -i "$seeds" -o "$out" -m none -t 10000 -V "${TIME:-60}" -- dotnet "$instrumented" fuzz "$1" && break
        if ((try == 3)) || ! grep -qa "No instrumentation detected" "$LOGS/afl-fuzz__$1.log"; then return 1; fi
    done
    say "$1: $(stat "$1" execs_done) executions, $(stat "$1" execs_per_sec) a second, $(stat "$1" edges_found) edges," \
        "$(stat "$1" corpus_count) inputs kept, $(stat "$1" saved_crashes) crashes, $(stat "$1" saved_hangs) hangs"
    [[ $(stat "$1" saved_crashes) == 0 && $(stat "$1" saved_hangs) == 0 ]]
}

if [[ -z ${TARGET:-} ]]; then
    at_random
    exit
fi
need afl-fuzz afl++ && build || exit 1
targets=$(dotnet "$plain" targets)
if [[ $TARGET != all && " $targets " != *" $TARGET "* ]]; then
    say "-- no target $TARGET; there are: $targets"
    exit 1
fi
status=0
for one in $([[ $TARGET == all ]] && echo "$targets" || echo "$TARGET"); do guided "$one" || status=1; done
exit "$status"
