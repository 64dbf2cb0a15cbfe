#!/bin/bash
# arm64.sh prepare|run [PATTERN...] : NUnit's tests of the engine, as built for Release, on an emulated 64-bit Arm processor (qemu-user).
# `prepare` answers 3 where they cannot run here; its last line then begins with `-- ` and says why.
source "$(dirname "$0")/common.sh"

FOLDER="$ROOT/artifacts/arm64"
LIBRARIES="$FOLDER/root"
TESTS="$ROOT/artifacts/bin/Engine.Tests/release_net10.0/SslModule.Engine.Tests.dll"
RUNNER="$ROOT/artifacts/bin/Arm64/release_linux-arm64/Arm64"
LIMIT=${LIMIT:-900}
# The cryptography, signatures and their checks, and handshakes with each group and kind of key: two minutes. The rest of the
# engine's tests, many of them of damaged input, asks nothing of the processor and would take many times as long.
PATTERNS=('Tests\.Crypto\.' 'Keys\.(MlDsa|PlatformVerification)Tests\.' 'RsaVerificationTests\.(The_operation|Moduli|Points|A_key)'
    'PostHandshake' 'RsaKeyExchange' 'KeyUpdate' 'GroupTests')

lack() { say "-- $1"; return 3; }

prepare() {
    [[ $(uname -s) == Linux ]] || { lack "qemu-user runs programs of Linux on Linux"; return; }
    [[ $(uname -m) != aarch64 ]] || { lack "this processor is one: the other tests have run on it"; return; }
    need dotnet dotnet-sdk-10.0 >&2 || { lack "no dotnet"; return; }
    need qemu-aarch64 qemu-user >&2 || { lack "no qemu-aarch64: install the package qemu-user"; return; }
    libraries || { lack "the distribution's C and OpenSSL libraries for arm64 are not to be had by apt-get (artifacts/logs/libraries_for_arm64.log)"; return; }
    step "restore tests/arm64" 300 dotnet restore tests/arm64 || { lack "the packages of .NET for linux-arm64 are not to be had"; return; }
    step "build tests/arm64" 300 dotnet build tests/arm64 -c Release -v quiet --no-restore
}

# The libraries that .NET for arm64 loads, unpacked in a folder of their own: nothing is installed, and apt-get keeps its lists beside them.
libraries() {
    [[ -e $LIBRARIES/complete ]] && return 0
    step "libraries for arm64" 300 "$0" unpack
}

unpack() {
    local state="$FOLDER/apt" package name found
    command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || { say "no apt-get and dpkg-deb"; return 1; }
    rm -rf "$LIBRARIES" "$state"
    mkdir -p "$LIBRARIES" "$state/lists/partial" "$state/cache/archives/partial"
    : >"$state/status"
    local options=(-o APT::Architecture=arm64 -o APT::Architectures=arm64 -o Dir::State="$state" -o Dir::State::lists="$state/lists"
        -o Dir::State::status="$state/status" -o Dir::Cache="$state/cache" -o APT::Sandbox::User=)
    apt-get "${options[@]}" update || return 1
    # Of names with a stroke one is enough: releases of the distributions have the one or the other.
    for package in libc6 libgcc-s1 libstdc++6 zlib1g libzstd1 libssl3t64/libssl3; do
        found=no
        for name in ${package//\// }; do
            (cd "$state" && apt-get "${options[@]}" download "$name") && found=yes && break
        done
        [[ $found == yes ]] || return 1
    done
    for package in "$state"/*.deb; do dpkg-deb -x "$package" "$LIBRARIES" || return 1; done
    # Newer releases have all in usr/lib.
    [[ -e $LIBRARIES/lib ]] || ln -s usr/lib "$LIBRARIES/lib"
    [[ -e $LIBRARIES/lib/ld-linux-aarch64.so.1 ]] && touch "$LIBRARIES/complete"
}

# .NET writes code through a second mapping of its memory. The emulator, which has translated the code, does not notice that, and tests fail
# or crash at random; so there is to be one mapping. Methods that count their callers are only slower here.
run() {
    [[ -f $TESTS ]] || { say "the tests are not built: tools/build.sh solution"; return 1; }
    if (($# == 0)); then set -- "${PATTERNS[@]}"; fi
    QEMU_LD_PREFIX="$LIBRARIES" DOTNET_EnableWriteXorExecute=0 DOTNET_TieredPGO=0 exec qemu-aarch64 "$RUNNER" "$LIMIT" "$TESTS" "$@"
}

"$@"
