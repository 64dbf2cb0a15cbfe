#!/bin/bash
# build.sh solution|cpython|ironpython
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

# NativeAOT: artifacts/cpython/_ssl.*.so, ahead of the interpreter's own on PYTHONPATH.
cpython() {
    has_cpython_module || { say "-- src/CPythonModule is not there yet"; return 3; }
    need gcc gcc || need clang clang || return 3
    step "publish CPythonModule" 600 dotnet publish src/CPythonModule/CPythonModule.csproj -c Release -v quiet || return 1
}

ironpython() {
    has_ironpython_module || { say "-- src/IronPythonModule is not there yet"; return 3; }
    ironpython_restores || { say "-- IronPython 3.4.2 is not to be had from the configured package source"; return 3; }
    step "publish IronPythonHost" 600 dotnet publish src/IronPythonHost/IronPythonHost.csproj -c Release -v quiet || return 1
}

"$1"
