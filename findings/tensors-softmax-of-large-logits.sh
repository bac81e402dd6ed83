#!/usr/bin/env bash
# System.Numerics.Tensors 11.0.0: TensorPrimitives.SoftMax of floats divides the exponentials as they are. Where the greatest logit is 89 or more, or -104 or
# less, their sum is infinite or 0, and shares become NaN; a little above -104 they lose digits. Softmax is the same when the greatest logit is
# subtracted from all first, which keeps it in range and which numerical libraries commonly do. No exception tells of it, and NaN spreads. Prints the
# shares of pairs that differ by 1, as they come and with the greatest subtracted; fails where they are others.
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
using System.Globalization;
using System.Numerics.Tensors;

foreach (var logits in (float[][])[[0, 1], [87, 88], [88, 89], [100, 101], [-101, -100], [-105, -104]])
{
    var (shares, less) = (new float[2], new float[2]);
    TensorPrimitives.SoftMax<float>(logits, shares);
    TensorPrimitives.Subtract(logits, TensorPrimitives.Max<float>(logits), less);
    Console.Write($"{logits[0]} {logits[1]}: {Text(shares)}");
    TensorPrimitives.SoftMax<float>(less, shares);
    Console.WriteLine($", with the greatest subtracted {Text(shares)}");
}

static string Text(float[] shares) => string.Join(' ', shares.Select(share => share.ToString("0.000", CultureInfo.InvariantCulture)));
CS
output=$(dotnet run --verbosity quiet)
echo "$output"
expected='0 1: 0.269 0.731, with the greatest subtracted 0.269 0.731
87 88: 0.269 0.731, with the greatest subtracted 0.269 0.731
88 89: 0.000 NaN, with the greatest subtracted 0.269 0.731
100 101: NaN NaN, with the greatest subtracted 0.269 0.731
-101 -100: 0.270 0.730, with the greatest subtracted 0.269 0.731
-105 -104: NaN NaN, with the greatest subtracted 0.269 0.731'
[ "$output" = "$expected" ] || { echo "Another behaviour than was seen." >&2; exit 10; }
