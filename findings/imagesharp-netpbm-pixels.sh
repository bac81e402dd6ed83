#!/usr/bin/env bash
# SixLabors.ImageSharp 2.1.13 reads these valid Netpbm files without an error, and with other pixels than are in them. The format puts exactly one
# white space between the header and the raw samples, so what follows is a sample, whatever it looks like; and a sample's value is its share
# of the greatest value that the header names. Each line: file, the grey levels in it, those that are read. Fails where that is no longer so.
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
    <PackageReference Include="SixLabors.ImageSharp" Version="[2.1.13]" />
  </ItemGroup>
</Project>
XML
cat >Program.cs <<'CS'
using System.Text;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

Show("P5, 4 x 1, a first sample of 32 (a blank)", "P5 4 1 255\n", [32, 50, 100, 200], [32, 50, 100, 200]);
Show("P5, 4 x 1, a first sample of 65", "P5 4 1 255\n", [65, 50, 100, 200], [65, 50, 100, 200]);
Show("P5, 4 x 1, greatest value 100", "P5 4 1 100\n", [0, 50, 75, 100], [0, 128, 191, 255]);
Show("P2, 4 x 1, greatest value 100", "P2 4 1 100\n0 50 75 100\n", [], [0, 128, 191, 255]);

static void Show(string what, string header, byte[] samples, int[] levels)
{
    string read;
    try
    {
        using var image = Image.Load<L8>([.. Encoding.ASCII.GetBytes(header), .. samples]);
        read = string.Join(' ', Enumerable.Range(0, image.Width).Select(x => (int)image[x, 0].PackedValue));
    }
    catch (Exception error)
    {
        read = error.GetType().Name;
    }
    Console.WriteLine($"{what}: {string.Join(' ', levels)}, read as {read}");
}
CS
output=$(dotnet run --verbosity quiet)
echo "$output"
expected='P5, 4 x 1, a first sample of 32 (a blank): 32 50 100 200, read as 0 0 0 0
P5, 4 x 1, a first sample of 65: 65 50 100 200, read as 65 50 100 200
P5, 4 x 1, greatest value 100: 0 128 191 255, read as 0 100 150 200
P2, 4 x 1, greatest value 100: 0 128 191 255, read as 0 100 150 200'
[ "$output" = "$expected" ] || { echo "Another behaviour than was seen." >&2; exit 10; }
