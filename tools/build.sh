#!/bin/bash
# build.sh solution|cpython|wheel|pack_wheel|ironpython|incumbent|plots|verification
source "$(dirname "$0")/common.sh"

need dotnet dotnet-sdk-10.0 || exit 1

solution() {
    local what=SslModule.sln
    if has_ironpython_module && ! ironpython_restores; then
        say "-- IronPython 3.4.2 is not to be had from the configured package source: everything else is built, run and tested"
        what=SslModule.NoIronPython.slnf
    fi
    step "build $what" 600 dotnet build "$what" -c Release -v quiet
}

# NativeAOT: artifacts/cpython/_ssl.abi3.so, ahead of the interpreter's own on PYTHONPATH; one file for every version.
cpython() {
    has_cpython_module || { say "-- src/CPythonModule is not there yet"; return 3; }
    local linker=()
    if ! command -v clang >/dev/null 2>&1; then
        need gcc gcc && need_header stdio.h libc6-dev || return 3
        linker=(-p:CppCompilerAndLinker=gcc -p:LinkerFlavor=bfd)
    fi
    if [[ $(uname -m) == x86_64 && -z $(instructions) ]]; then linker+=(-p:InstructionSet=none); fi
    step "publish CPythonModule" 600 dotnet publish src/CPythonModule/CPythonModule.csproj -c Release -v quiet \
        -o artifacts/cpython-publish "${linker[@]}" || return 1
    mkdir -p artifacts/cpython
    # Moved, not copied over: an interpreter may have the old one mapped.
    cp artifacts/cpython-publish/_ssl.so artifacts/cpython/.new && mv -f artifacts/cpython/.new artifacts/cpython/_ssl.abi3.so
}

# The module is built for processors with AVX, unless this one has none.
instructions() {
    if [[ $(uname -m) == x86_64 ]] && { [[ ! -r /proc/cpuinfo ]] || grep -qw avx /proc/cpuinfo; }; then say avx; fi
}

# artifacts/wheels/sslmodule-VERSION-cp311-abi3-PLATFORM.whl: the module and lib/ssl.py for pip.
wheel() {
    cpython || return
    pack_wheel
}

pack_wheel() {
    need "$PYTHON" python3 || return 3
    step "pack the wheel" 120 "$PYTHON" tools/wheel/pack.py --instructions "$(instructions)" && say "   $(ls artifacts/wheels/*.whl)"
}

# The console ipyssl, for .NET 8 and for .NET 10, and beside each the two folders that any IronPython console takes: DLLs and lib.
ironpython() {
    has_ironpython_module || { say "-- src/IronPythonModule is not there yet"; return 3; }
    ironpython_restores || { say "-- IronPython 3.4.2 is not to be had from the configured package source"; return 3; }
    console net8.0 artifacts/ironpython-net8.0 && console net10.0 artifacts/ironpython
}

console() { # FRAMEWORK FOLDER
    step "publish IronPythonHost for $1" 600 dotnet publish src/IronPythonHost/IronPythonHost.csproj -c Release -v quiet -f "$1" \
        -o "$2" "-p:AheadOfTime=$AHEAD_OF_TIME" || return 1
    mkdir -p "$2/DLLs" "$2/lib"
    # .NET 10 loads those for .NET 8, and not the other way round.
    cp artifacts/ironpython-net8.0/{SslModule.IronPython,SslModule.Engine,BouncyCastle.Cryptography,Microsoft.Extensions.Caching.Abstractions,Microsoft.Extensions.Primitives}.dll "$2/DLLs/"
    cp lib/ssl.py "$2/lib/"
    mkdir -p "$2/lib/sslmodule" && cp lib/sslmodule/*.py "$2/lib/sslmodule/"
    cp LICENSE "$2/" && cp LICENSE "$2/DLLs/"
    if need "$PYTHON" python3; then
        "$PYTHON" tools/notices.py artifacts/obj/IronPythonHost/project.assets.json --framework "$1" --to "$2/THIRD-PARTY-NOTICES.txt" &&
            cp "$2/THIRD-PARTY-NOTICES.txt" "$2/DLLs/"
    else
        say "-- THIRD-PARTY-NOTICES.txt is not written"
    fi
}

# What only the measurements need: consoles with IronPython's own _ssl, and the program that draws.
incumbent() {
    ironpython_restores || return 3
    step "publish Incumbent for net8.0" 600 dotnet publish bench/Incumbent/Incumbent.csproj -c Release -v quiet -f net8.0 -o artifacts/incumbent-net8.0 &&
        step "publish Incumbent for net10.0" 600 dotnet publish bench/Incumbent/Incumbent.csproj -c Release -v quiet -f net10.0 -o artifacts/incumbent
}

plots() {
    step "publish Plots" 600 dotnet publish bench/Plots/Plots.csproj -c Release -v quiet -o artifacts/plots
}

verification() {
    step "publish Verification" 600 dotnet publish bench/verification/Verification.csproj -c Release -v quiet -o artifacts/verification
}

"$1"
