#!/usr/bin/env bash
# System.Text.Json 10.0.12: JsonDocument.Parse takes an object with a member whose name is a lone surrogate (an escape that JSON's grammar allows). Then
# TryGetProperty throws InvalidOperationException for any other name, also that of a member that is there, unless that name is longer than the escape
# as it is written. It is expected to answer yes or no, and whoever reads others' JSON expects JsonException, from Parse. Prints what is found by four
# names; fails where it is otherwise.
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
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="System.Text.Json" Version="[10.0.12]" />
  </ItemGroup>
</Project>
XML
cat >Program.cs <<'CS'
using System.Text.Json;

using var document = JsonDocument.Parse("""{"id": 1, "\ud800": 2}""");
foreach (var name in (string[])["id", "a", "name", "a longer name"])
{
    string found;
    try
    {
        found = document.RootElement.TryGetProperty(name, out var value) ? value.ToString() : "not there";
    }
    catch (Exception error)
    {
        found = error.GetType().Name;
    }
    Console.WriteLine($"{name}: {found}");
}
CS
output=$(dotnet run --verbosity quiet)
echo "$output"
expected='id: InvalidOperationException
a: InvalidOperationException
name: InvalidOperationException
a longer name: not there'
[ "$output" = "$expected" ] || { echo "Another behaviour than was seen." >&2; exit 10; }
