#!/usr/bin/env bash
# System.Numerics.Tensors 11.0.0: IsFiniteAll of an empty span is false, though no element of it is not finite; so are IsNaNAll and
# IsPositiveAll, and the ...Any of it are false as well. LINQ says that all of nothing are. Prints both; fails where
# that is no longer so.
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
    <PackageReference Include="System.Numerics.Tensors" Version="[11.0.0]" />
  </ItemGroup>
</Project>
XML
cat >Program.cs <<'CS'
using System.Numerics.Tensors;

ReadOnlySpan<float> nothing = [];
Console.WriteLine($"IsFiniteAll {TensorPrimitives.IsFiniteAll(nothing)}, IsNaNAll {TensorPrimitives.IsNaNAll(nothing)}, IsPositiveAll {TensorPrimitives.IsPositiveAll(nothing)}");
Console.WriteLine($"IsFiniteAny {TensorPrimitives.IsFiniteAny(nothing)}, IsNaNAny {TensorPrimitives.IsNaNAny(nothing)}");
Console.WriteLine($"LINQ's All {Array.Empty<float>().All(float.IsFinite)}");
CS
output=$(dotnet run --verbosity quiet)
echo "$output"
expected='IsFiniteAll False, IsNaNAll False, IsPositiveAll False
IsFiniteAny False, IsNaNAny False
LINQ'"'"'s All True'
[ "$output" = "$expected" ] || { echo "Another behaviour than was seen." >&2; exit 10; }
