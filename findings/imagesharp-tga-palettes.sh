#!/usr/bin/env bash
# SixLabors.ImageSharp 2.1.13 and valid TGAs with a palette: indices of 16 bits are read as bytes, so that the picture has other colours, without an error; a palette
# that does not begin with its first colour ends in ArgumentOutOfRangeException, which no catch of ImageFormatException takes; and a picture in colours with a
# palette beside it, which its format lets programs keep there, is refused as no TGA. Each file has three pixels whose red is 9, 99 and 199; prints the reds
# that are read, and fails where they are others.
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
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

byte[] colours = [0, 0, 9, 0, 0, 99, 0, 0, 199];
Show("palette, indices of 8 bits", Header(kind: 1, first: 0, bits: 8), [0, 1, 2]);
Show("palette, indices of 16 bits", Header(kind: 1, first: 0, bits: 16), [0, 0, 1, 0, 2, 0]);
Show("palette from colour 5 on", Header(kind: 1, first: 5, bits: 8), [5, 6, 7]);
Show("colours beside a palette", Header(kind: 2, first: 0, bits: 24), colours);

// Of 3 x 1 pixels, the first row on top, with three colours of 24 bits.
static byte[] Header(byte kind, byte first, byte bits) => [0, 1, kind, first, 0, 3, 0, 24, 0, 0, 0, 0, 3, 0, 1, 0, bits, 0x20];

void Show(string what, byte[] header, byte[] pixels)
{
    string read;
    try
    {
        using var image = Image.Load<Rgba32>([.. header, .. colours, .. pixels]);
        read = string.Join(' ', Enumerable.Range(0, image.Width).Select(x => image[x, 0].R));
    }
    catch (Exception error)
    {
        read = error.GetType().Name;
    }
    Console.WriteLine($"{what}: {read}");
}
CS
output=$(dotnet run --verbosity quiet)
echo "$output"
expected='palette, indices of 8 bits: 9 99 199
palette, indices of 16 bits: 9 9 99
palette from colour 5 on: ArgumentOutOfRangeException
colours beside a palette: ImageFormatException'
[ "$output" = "$expected" ] || { echo "Another behaviour than was seen." >&2; exit 10; }
