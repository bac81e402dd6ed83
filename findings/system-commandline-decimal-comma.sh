#!/usr/bin/env bash
# System.CommandLine 3.0.0: an Option<double> takes a comma for a separator of thousands, wherever it stands: 0,1 is 1 and 1,5 is 15, without a
# parse error. An Option<int> refuses the same text. Programs whose users may write a decimal comma need a CustomParser.
# In the invariant culture. Prints what is parsed; fails where that is no longer so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export TMPDIR=$folder NUGET_PACKAGES=$folder/packages NuGetAudit=false
export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false DOTNET_NOLOGO=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
cat >app.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <InvariantGlobalization>true</InvariantGlobalization>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="System.CommandLine" Version="[3.0.0]" />
  </ItemGroup>
</Project>
XML
cat >Program.cs <<'CS'
using System.CommandLine;

var (real, whole) = (new Option<double>("--real"), new Option<int>("--whole"));
var root = new RootCommand { real, whole };
foreach (var text in new[] { "0,1", "1,5" })
{
    var parsed = root.Parse(["--real", text]);
    Console.WriteLine($"--real {text}: {parsed.Errors.Count} errors, {parsed.GetValue(real)}");
    Console.WriteLine($"--whole {text}: {root.Parse(["--whole", text]).Errors.Count} errors");
}
CS
output=$(dotnet run --verbosity quiet)
echo "$output"
expected='--real 0,1: 0 errors, 1
--whole 0,1: 1 errors
--real 1,5: 0 errors, 15
--whole 1,5: 1 errors'
[ "$output" = "$expected" ] || { echo "Another behaviour than was seen." >&2; exit 10; }
