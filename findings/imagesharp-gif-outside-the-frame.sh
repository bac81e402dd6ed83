#!/usr/bin/env bash
# SixLabors.ImageSharp 2.1.13: what the first frame of a GIF leaves open of the screen is read as opaque black. It is neither transparent nor of the background
# colour that the file names, which GIF89a gives to pixels outside the frames. A GIF that was cropped to what it shows gets a black border. Here the
# screen is 3 x 1, and the frame its middle pixel. Prints the pixels as R,G,B,A for two backgrounds; fails where they are others.
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

byte[] palette = [1, 2, 3, 200, 201, 202];
foreach (byte background in (byte[])[0, 1])
{
    // A screen of 3 x 1, the palette, a frame of 1 x 1 at (1, 0), whose pixel is the palette's second colour.
    byte[] file = [.. "GIF89a"u8, 3, 0, 1, 0, 0x80, background, 0, .. palette, 0x2C, 1, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x4C, 1, 0, 0x3B];
    using var image = Image.Load<Rgba32>(file);
    Console.WriteLine($"background {background}: {string.Join(' ', Enumerable.Range(0, image.Width).Select(x => image[x, 0]).Select(pixel => $"{pixel.R},{pixel.G},{pixel.B},{pixel.A}"))}");
}
CS
output=$(dotnet run --verbosity quiet)
echo "$output"
expected='background 0: 0,0,0,255 200,201,202,255 0,0,0,255
background 1: 0,0,0,255 200,201,202,255 0,0,0,255'
[ "$output" = "$expected" ] || { echo "Another behaviour than was seen." >&2; exit 10; }
