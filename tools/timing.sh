#!/bin/bash
# Measures whether the time that the engine takes over secrets tells two classes of inputs apart, as dudect does: TARGET (all; names, or the begins of
# some with a * behind), SAMPLES of each (1,000,000). The machine should have nothing else to do.
source "$(dirname "$0")/common.sh"

need dotnet dotnet-sdk-10.0 || exit 1
program="$ROOT/artifacts/timing/SslModule.Engine.Tests.dll"
step "publish of the targets" 600 dotnet publish tests/dotnet/Engine.Tests -c Release -f net10.0 -v quiet -o "${program%/*}" || exit 1
# Compiled once and for good before the first sample, and a collector that comes rarely and in the thread that calls it.
export DOTNET_TieredCompilation=0 DOTNET_TieredPGO=0 DOTNET_gcConcurrent=0 DOTNET_GCgen0size=0x4000000
read -ra targets <<<"${TARGET:-all}"
exec dotnet "$program" timing "${SAMPLES:-1000000}" "${targets[@]}"
