#!/bin/bash
# pack.sh [FOLDER]: leaves the NuGet packages and their symbols in FOLDER, artifacts/packages if none is named.
source "$(dirname "$0")/common.sh"

need dotnet dotnet-sdk-10.0 && need "$PYTHON" python3 || exit 1
FOLDER=${1:-"$ROOT/artifacts/packages"}
# The times in a package: those of the commit, so that who packs it again gets the same bytes.
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || stat -c %Y Directory.Build.props)}

# Built apart from everything else and from nothing: without this machine's paths, and the console for every system. The analyzers
# belong to `make build`.
pack() { # PROJECT [OPTION...]
    local name notices options
    name=$(basename "$1")
    notices="$PACKING/notices/$name/THIRD-PARTY-NOTICES.txt"
    options=("${@:2}" -p:ContinuousIntegrationBuild=true -p:RunAnalyzers=false "-p:ArtifactsPath=$PACKING")
    mkdir -p "${notices%/*}"
    step "restore $name" 300 dotnet restore "$1" "${options[@]}" &&
        "$PYTHON" tools/notices.py "$PACKING/obj/$name/project.assets.json" --to "$notices" &&
        step "pack $name" 600 dotnet pack "$1" -c Release -v quiet -o "$FOLDER" "${options[@]}" "-p:ThirdPartyNotices=$notices"
}

PACKING="$ROOT/artifacts/packing"
rm -rf "$PACKING"
mkdir -p "$FOLDER"
rm -f "$FOLDER"/SslModule.*.{nupkg,snupkg}
pack src/Engine || exit 1
if has_ironpython_module && ironpython_restores; then
    pack src/IronPythonModule && pack src/IronPythonHost -p:PackedAsTool=true || exit 1
else
    say "-- IronPython 3.4.2 is not to be had from the configured package source: SslModule.Engine is the only package"
fi
ls "$FOLDER"/SslModule.*.nupkg | sed "s|^$ROOT/||"
