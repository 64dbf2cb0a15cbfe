#!/bin/bash
# Fuzzes what a stranger can send. Without TARGET, certificates, lists, keys and PEM texts are damaged at random: FUZZ_ROUNDS inputs of
# each of four kinds, a million in all by default, from FUZZ_SEED. With TARGET, one of those that the message lists, afl-fuzz does it,
# guided by the coverage of the engine, for TIME seconds (60 by default). Inputs are kept in artifacts/fuzz/TARGET, and a later run goes
# on from there; what made it fail is in crashes/ and hangs/ there, and the status is 1.
source "$(dirname "$0")/common.sh"

need dotnet dotnet-sdk-10.0 || exit 1
kept="$ROOT/artifacts/fuzz"
targets="certificate crl key pem session settings hostname client server messages established steps"

at_random() {
    export FUZZ_ROUNDS=${FUZZ_ROUNDS:-250000} FUZZ_SEED=${FUZZ_SEED:-$RANDOM}
    say "$FUZZ_ROUNDS inputs of each kind from seed $FUZZ_SEED"
    dotnet test tests/dotnet/Engine.Tests -c Release -f net10.0 --filter "FullyQualifiedName~FuzzTests" --logger "console;verbosity=normal"
}

# The tests as a program, with the engine in it changed so that it tells where it has been.
instrumented() {
    local program="$kept/program" tool="$kept/tool"
    [[ $program/SslModule.Engine.Tests.dll -nt $kept/built ]] || touch -d '1970-01-01' "$kept/built"
    step "publish of the targets" 600 dotnet publish tests/dotnet/Engine.Tests -c Release -f net10.0 -v quiet -o "$kept/fresh" || return 1
    if [[ ! -f $program/SslModule.Engine.dll || $kept/fresh/SslModule.Engine.dll -nt $kept/built ]]; then
        [[ -x $tool/sharpfuzz ]] || step "install of SharpFuzz.CommandLine" 300 dotnet tool install --tool-path "$tool" SharpFuzz.CommandLine --version 2.3.0 || return 1
        rm -rf "$program"
        cp -r "$kept/fresh" "$program" && step "instrumentation" 300 "$tool/sharpfuzz" "$program/SslModule.Engine.dll" || return 1
        touch "$kept/built"
    fi
}

stat() { sed -n "s/^$1 *: *//p" "$kept/$TARGET/default/fuzzer_stats"; }

guided() {
    if [[ " $targets " != *" $TARGET "* ]]; then
        say "-- no target $TARGET; there are: $targets"
        return 1
    fi
    need afl-fuzz afl++ || return 1
    mkdir -p "$kept"
    instrumented || return 1
    local seeds="$kept/seeds/$TARGET" out="$kept/$TARGET"
    # Runs without afl-fuzz would have nowhere to tell where they have been: the seeds come from the program as it was.
    step "seeds" 120 dotnet "$kept/fresh/SslModule.Engine.Tests.dll" seeds "$TARGET" "$seeds" || return 1
    [[ -d $out/default/queue ]] && seeds=-
    export AFL_SKIP_BIN_CHECK=1 AFL_NO_UI=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_FORKSRV_INIT_TMOUT=60000
    export DOTNET_TieredPGO=0 DOTNET_gcConcurrent=0 AFL_AUTORESUME=1
    # On a busy machine afl-fuzz may miss the first answer and see no instrumentation: once more then.
    local try
    for try in 1 2 3; do
        step "afl-fuzz, $TARGET" $((${TIME:-60} + 120)) afl-fuzz -i "$seeds" -o "$out" -m none -t 10000 -V "${TIME:-60}" -- dotnet "$kept/program/SslModule.Engine.Tests.dll" fuzz "$TARGET" && break
        if ((try == 3)) || ! grep -qa "No instrumentation detected" "$LOGS/afl-fuzz__$TARGET.log"; then return 1; fi
    done
    say "$TARGET: $(stat execs_done) executions, $(stat execs_per_sec) a second, $(stat edges_found) edges, $(stat corpus_count) inputs kept, $(stat saved_crashes) crashes, $(stat saved_hangs) hangs"
    [[ $(stat saved_crashes) == 0 && $(stat saved_hangs) == 0 ]]
}

if [[ -z ${TARGET:-} ]]; then
    at_random
elif [[ $TARGET == all ]]; then
    status=0
    for TARGET in $targets; do guided || status=1; done
    exit "$status"
else
    guided
fi
