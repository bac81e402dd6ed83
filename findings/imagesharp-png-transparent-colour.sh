#!/usr/bin/env bash
# SixLabors.ImageSharp 2.1.13: in a PNG of 16 bits, grey or RGB, another colour becomes transparent than the one that the file names (tRNS): the two bytes of
# its values are taken in the other order. Of four pixels, with the first one's value named, the second is clear. With 8 bits it is the
# right one. Prints the values and the transparency that is read; fails where it is otherwise.
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
    <PackageReference Include="System.IO.Hashing" Version="[11.0.0]" />
  </ItemGroup>
</Project>
XML
cat >Program.cs <<'CS'
using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

const byte Grey = 0, Rgb = 2;
foreach (var type in (byte[])[Grey, Rgb])
{
    Show(type, 8, ["01", "02", "03", "04"], "0001");
    Show(type, 16, ["0102", "0201", "0101", "0202"], "0102");
}

static void Show(byte type, byte bits, string[] values, string named)
{
    using var file = new MemoryStream();
    file.Write([0x89, .. "PNG\r\n"u8, 0x1A, (byte)'\n']);
    Chunk(file, "IHDR"u8, [0, 0, 0, 4, 0, 0, 0, 1, bits, type, 0, 0, 0]);
    Chunk(file, "tRNS"u8, Bytes(named));
    using var packed = new MemoryStream();
    using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        zlib.Write([0, .. values.SelectMany(Bytes)]);
    Chunk(file, "IDAT"u8, packed.ToArray());
    Chunk(file, "IEND"u8, []);
    using var image = Image.Load<Rgba64>(file.ToArray());
    Console.WriteLine($"{(type == Grey ? "grey" : "RGB")} of {bits} bits, {string.Join(' ', values)}, transparent is {named}: {string.Join(' ', Enumerable.Range(0, 4).Select(x => image[x, 0].A == 0 ? "clear" : "opaque"))}");

    // All channels of a pixel have the same value.
    byte[] Bytes(string value) => [.. Enumerable.Repeat(Convert.FromHexString(value), type == Grey ? 1 : 3).SelectMany(bytes => bytes)];
}

static void Chunk(Stream file, ReadOnlySpan<byte> type, byte[] content)
{
    byte[] checkedPart = [.. type, .. content];
    Span<byte> number = stackalloc byte[4];
    BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
    file.Write(number);
    file.Write(checkedPart);
    BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.HashToUInt32(checkedPart));
    file.Write(number);
}
CS
output=$(dotnet run --verbosity quiet)
echo "$output"
expected='grey of 8 bits, 01 02 03 04, transparent is 0001: clear opaque opaque opaque
grey of 16 bits, 0102 0201 0101 0202, transparent is 0102: opaque clear opaque opaque
RGB of 8 bits, 01 02 03 04, transparent is 0001: clear opaque opaque opaque
RGB of 16 bits, 0102 0201 0101 0202, transparent is 0102: opaque clear opaque opaque'
[ "$output" = "$expected" ] || { echo "Another behaviour than was seen." >&2; exit 10; }
