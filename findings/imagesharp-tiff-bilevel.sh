#!/usr/bin/env bash
# SixLabors.ImageSharp 2.1.13 and bilevel TIFFs as TIFF 6.0 has them: one that has no BitsPerSample, which is 1 where it is not there, is refused; one whose bits
# stand in reversed order (FillOrder 2), which the error for other depths says is supported, is read as another picture, without an error, where it is not
# compressed. Each file has the pixels 1 0 1 0, in one strip; prints what is read, and fails where it is otherwise.
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

const ushort BitsPerSample = 258, FillOrder = 266;

// Width, height, compression (none), colours (0 is black), strip at 8, samples, rows a strip, bytes of the strip.
(ushort Tag, ushort Value)[] basic = [(256, 4), (257, 1), (259, 1), (262, 1), (273, 8), (277, 1), (278, 1), (279, 1)];
Show("with BitsPerSample", 0b1010_0000, [.. basic, (BitsPerSample, 1)]);
Show("without", 0b1010_0000, basic);
Show("FillOrder 1", 0b1010_0000, [.. basic, (BitsPerSample, 1), (FillOrder, 1)]);
Show("FillOrder 2", 0b0000_0101, [.. basic, (BitsPerSample, 1), (FillOrder, 2)]);

static void Show(string what, byte strip, (ushort Tag, ushort Value)[] entries)
{
    // Little-endian: the header, the strip, and the directory of entries of one number of 16 bits each.
    byte[] file =
    [
        .. "II*\0"u8, 10, 0, 0, 0, strip, 0, (byte)entries.Length, 0,
        .. entries.OrderBy(entry => entry.Tag).SelectMany(entry => (byte[])[.. BitConverter.GetBytes(entry.Tag), 3, 0, 1, 0, 0, 0, .. BitConverter.GetBytes(entry.Value), 0, 0]), 0, 0, 0, 0,
    ];
    string read;
    try
    {
        using var image = Image.Load<L8>(file);
        read = string.Join(' ', Enumerable.Range(0, image.Width).Select(x => image[x, 0].PackedValue / 255));
    }
    catch (Exception error)
    {
        read = $"{error.GetType().Name}: {error.Message}";
    }
    Console.WriteLine($"{what}: {read}");
}
CS
output=$(dotnet run --verbosity quiet)
echo "$output"
expected='with BitsPerSample: 1 0 1 0
without: NotSupportedException: The TIFF BitsPerSample entry is missing which is required to decode the image!
FillOrder 1: 1 0 1 0
FillOrder 2: 0 0 0 0'
[ "$output" = "$expected" ] || { echo "Another behaviour than was seen." >&2; exit 10; }
