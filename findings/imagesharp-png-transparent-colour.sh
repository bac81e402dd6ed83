#!/usr/bin/env bash
# SixLabors.ImageSharp 2.1.13: in a PNG of 16 bits, grey or RGB, another colour becomes transparent than the one that the file names (tRNS): the two bytes of
# its values are taken in the other order. Of four grey pixels, with the first one's value named, the second is clear. With 8 bits it is the
# right one. Prints the values and the transparency that is read; fails where it is otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
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

Show(8, [1, 2, 3, 4], [0, 1], 1);
Show(16, [0x01, 0x02, 0x02, 0x01, 0x01, 0x01, 0x02, 0x02], [0x01, 0x02], 2);

static void Show(byte bits, byte[] values, byte[] named, int bytes)
{
    using var file = new MemoryStream();
    file.Write([0x89, .. "PNG\r\n"u8, 0x1A, (byte)'\n']);
    Chunk(file, "IHDR"u8, [0, 0, 0, 4, 0, 0, 0, 1, bits, 0, 0, 0, 0]);
    Chunk(file, "tRNS"u8, named);
    using var packed = new MemoryStream();
    using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        zlib.Write([0, .. values]);
    Chunk(file, "IDAT"u8, packed.ToArray());
    Chunk(file, "IEND"u8, []);
    using var image = Image.Load<Rgba64>(file.ToArray());
    var levels = string.Join(' ', values.Chunk(bytes).Select(value => Convert.ToHexString(value)));
    Console.WriteLine($"{bits} bits, {levels}, transparent is {Convert.ToHexString(named)}: {string.Join(' ', Enumerable.Range(0, 4).Select(x => image[x, 0].A == 0 ? "clear" : "opaque"))}");
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
expected='8 bits, 01 02 03 04, transparent is 0001: clear opaque opaque opaque
16 bits, 0102 0201 0101 0202, transparent is 0102: opaque clear opaque opaque'
[ "$output" = "$expected" ] || { echo "Another behaviour than was seen." >&2; exit 10; }
