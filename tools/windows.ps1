<#
What make does elsewhere, for Windows: PowerShell 5.1 or newer and the .NET 10 SDK are all it needs.

    powershell -ExecutionPolicy Bypass -File tools\windows.ps1 build         compile the solution
    powershell -ExecutionPolicy Bypass -File tools\windows.ps1 ironpython    leave module and console in artifacts\ironpython
    powershell -ExecutionPolicy Bypass -File tools\windows.ps1 pack          leave the NuGet packages in artifacts\packages
    powershell -ExecutionPolicy Bypass -File tools\windows.ps1 test          run the engine's tests and tests\python on IronPython

The tests' peer is the CPython that the variable PYTHON names or PATH has; where there is none, that of the package Python.Included.
#>
param([Parameter(Mandatory = $true)][ValidateSet('build', 'ironpython', 'pack', 'test')][string] $What)

$ErrorActionPreference = 'Stop'
$Root = Split-Path -Parent $PSScriptRoot
Set-Location $Root
$env:MSBUILDDISABLENODEREUSE = '1'
$env:DOTNET_CLI_USE_MSBUILD_SERVER = '0'
$env:UseSharedCompilation = 'false'
$env:DOTNET_NOLOGO = '1'
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:PYTHONDONTWRITEBYTECODE = '1'
$OnWindows = [Environment]::OSVersion.Platform -eq 'Win32NT'

# Runs a program and shows what it prints; what it prints is also the answer. The status is in $LASTEXITCODE.
function Invoke-Shown([string] $Program, [string[]] $Arguments) {
    & $Program @Arguments | ForEach-Object { Write-Host $_; $_ }
}

function Invoke-Step([string] $Name, [string] $Program, [string[]] $Arguments) {
    Write-Host "== $Name"
    Invoke-Shown $Program $Arguments | Out-Null
    if ($LASTEXITCODE -ne 0) { throw "$Name ended with status $LASTEXITCODE" }
}

function Build {
    Invoke-Step 'build SslModule.sln' dotnet @('build', 'SslModule.sln', '-c', 'Release', '-v', 'quiet')
}

# The console ipyssl, for .NET 8 and for .NET 10, and beside each the two folders that any IronPython console takes: DLLs and lib.
function IronPython {
    $eight = Join-Path $Root 'artifacts/ironpython-net8.0'
    foreach ($target in @(@('net8.0', $eight), @('net10.0', (Join-Path $Root 'artifacts/ironpython')))) {
        $framework, $to = $target
        Invoke-Step "publish IronPythonHost for $framework" dotnet @('publish', 'src/IronPythonHost/IronPythonHost.csproj', '-c', 'Release',
            '-v', 'quiet', '-f', $framework, '-o', $to, '-p:AheadOfTime=true')
        New-Item -ItemType Directory -Force (Join-Path $to 'DLLs'), (Join-Path $to 'lib') | Out-Null
        foreach ($name in 'SslModule.IronPython', 'SslModule.Engine', 'BouncyCastle.Cryptography',
            'Microsoft.Extensions.Caching.Abstractions', 'Microsoft.Extensions.Primitives') {
            Copy-Item (Join-Path $eight "$name.dll") (Join-Path $to 'DLLs')     # .NET 10 loads those for .NET 8, and not the other way round
        }
        Copy-Item 'lib/ssl.py' (Join-Path $to 'lib')
    }
}

function Pack {
    foreach ($project in 'src/Engine', 'src/IronPythonModule', 'src/IronPythonHost') {
        $tool = $(if ($project -eq 'src/IronPythonHost') { 'true' } else { 'false' })
        Invoke-Step "pack $project" dotnet @('pack', $project, '-c', 'Release', '-v', 'quiet', '-o', 'artifacts/packages',
            '-p:ContinuousIntegrationBuild=true', '-p:RunAnalyzers=false', "-p:ArtifactsPath=$(Join-Path $Root 'artifacts/packing')", "-p:PackedAsTool=$tool")
    }
}

# A CPython with an ssl of its own: the Microsoft Store's python3.exe, which only opens the Store, has none.
function Find-Python {
    $ErrorActionPreference = 'Continue'     # PowerShell 5.1 takes a line on a program's standard error for an error of its own
    foreach ($name in @($env:PYTHON, 'python3', 'python') | Where-Object { $_ }) {
        $command = Get-Command $name -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
        if ($command) {
            $said = & $command.Source -I -c 'import sys, ssl; print(sys.implementation.name)' 2>$null
            if ($LASTEXITCODE -eq 0 -and $said -eq 'cpython') { return $command.Source }
        }
    }
    $ErrorActionPreference = 'Stop'
    if (-not $OnWindows) { throw 'no python3: install it from the distribution' }
    Write-Host '== unpack Python.Included'
    $said = Invoke-Shown dotnet @('run', '--project', 'tests/included', '--', 'artifacts/python-included')
    if ($LASTEXITCODE -ne 0) { throw "tests/included ended with status $LASTEXITCODE" }
    return @($said)[-1]
}

$script:Passed = 0
$script:Failed = 0
$script:Skipped = 0

function Add-Counts([string] $Name, [int] $Passed, [int] $Failed, [int] $Skipped) {
    $script:Passed += $Passed
    $script:Failed += $Failed
    $script:Skipped += $Skipped
    Write-Host "   ${Name}: $Passed passed, $Failed failed, $Skipped skipped"
}

function Test-Engine([string] $Framework) {
    $results = Join-Path $Root 'artifacts/test'
    $trx = Join-Path $results "Engine.Tests-$Framework.trx"
    Remove-Item $trx -ErrorAction SilentlyContinue
    Write-Host "== NUnit Engine.Tests on $Framework"
    Invoke-Shown dotnet @('test', 'tests/dotnet/Engine.Tests', '-c', 'Release', '--no-build', '-f', $Framework, '--logger',
        "trx;LogFileName=Engine.Tests-$Framework.trx", '--results-directory', $results, '--blame-hang-timeout', '120s') | Out-Null
    $status = $LASTEXITCODE
    if (-not (Test-Path $trx)) { Add-Counts "NUnit on $Framework" 0 1 0; return }
    $counters = ([xml](Get-Content -Raw $trx)).TestRun.ResultSummary.Counters
    $failed = [int]$counters.executed - [int]$counters.passed
    if (($status -ne 0 -or [int]$counters.total -eq 0) -and $failed -eq 0) { $failed = 1 }
    Add-Counts "NUnit on $Framework" $counters.passed $failed ([int]$counters.total - [int]$counters.executed)
}

# A runner whose output ends with `N passed, N failed, N skipped`.
function Test-Counted([string] $Name, [string] $Program, [string[]] $Arguments) {
    Write-Host "== $Name"
    $said = Invoke-Shown $Program $Arguments
    $status = $LASTEXITCODE
    if (@($said)[-1] -match '^(\d+) passed, (\d+) failed, (\d+) skipped$') {
        $failed = [int]$Matches[2]
        if ($status -ne 0 -and $failed -eq 0) { $failed = 1 }
        Add-Counts $Name $Matches[1] $failed $Matches[3]
    } else {
        Add-Counts "$Name, which ended without its counts (status $status)" 0 1 0
    }
}

function Test {
    Build
    $env:PYTHON = Find-Python
    Write-Host "   CPython for the tests: $env:PYTHON"
    Test-Engine net10.0
    if (dotnet --list-runtimes | Select-String '^Microsoft\.NETCore\.App 8\.') {
        Test-Engine net8.0
    } else {
        Add-Counts 'NUnit on net8.0: no .NET 8 runtime' 0 0 1
    }
    IronPython
    $console = Join-Path $Root ('artifacts/ironpython/ipyssl' + $(if ($OnWindows) { '.exe' }))
    Test-Counted 'tests/python on IronPython' $console @('tests/python/run.py')
    # The module for CPython is not built for Windows: tests/cpython, and tests/python above CPython, run where there is one.
    $module = Join-Path $Root 'artifacts/cpython'
    if (Test-Path (Join-Path $module '_ssl*')) {
        $env:PYTHONPATH = (Join-Path $Root 'lib') + [IO.Path]::PathSeparator + $module
        Test-Counted 'tests/python on CPython' $env:PYTHON @('tests/python/run.py')
        $env:PYTHONPATH = $null
        Test-Counted "CPython's own suites" $env:PYTHON @('tests/cpython/run.py')
    } else {
        Add-Counts 'tests/python and its own suites on CPython: no module in artifacts/cpython' 0 0 2
    }
    $summary = "$script:Passed passed, $script:Failed failed, $script:Skipped skipped"
    Set-Content (Join-Path $Root 'artifacts/test/summary') $summary
    Write-Host ''
    Write-Host $summary
    if ($script:Failed -gt 0) { exit 1 }
}

& $What
