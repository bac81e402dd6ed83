#!/usr/bin/env bash
# System.Text.Json 10.0.12: JsonDocument.Parse takes an object with a member whose name is a lone surrogate (an escape that JSON's grammar allows). A look
# for any other member of it, also one that is there, then throws InvalidOperationException; but not where the name that is looked for is longer than
# that one as it is written. TryGetProperty is not to throw, and who reads others' JSON expects JsonException. Fails where that is no longer so.
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
