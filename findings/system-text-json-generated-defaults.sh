#!/usr/bin/env bash
# System.Text.Json 10.0.12: a class whose properties are "init" and have defaults keeps the defaults of members that the JSON lacks where it is read by
# reflection, and loses them where it is read by a source-generated context: numbers are 0 and texts null, also those that are not nullable, with
# RespectNullableAnnotations. With "set", and by the parameters of a record, both are the same. Prints what {} is read as; fails where it is
# otherwise.
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
    <Nullable>enable</Nullable>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="System.Text.Json" Version="[10.0.12]" />
  </ItemGroup>
</Project>
XML
cat >Program.cs <<'CS'
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

Show("init", Generated.Default.WithInit, settings => (settings.Size, settings.Name));
Show("set", Generated.Default.WithSet, settings => (settings.Size, settings.Name));
Show("parameters", Generated.Default.WithParameters, settings => (settings.Size, settings.Name));

static void Show<T>(string what, JsonTypeInfo<T> generated, Func<T, (int, string?)> read)
{
    Console.WriteLine($"{what}: by reflection {Values(JsonSerializer.Deserialize<T>("{}", new JsonSerializerOptions { RespectNullableAnnotations = true })!)}, generated {Values(JsonSerializer.Deserialize("{}", generated)!)}");

    string Values(T settings) => read(settings) is var (size, name) ? $"{size} {name ?? "null"}" : "";
}

class WithInit
{
    public int Size { get; init; } = 64;

    public string Name { get; init; } = "untitled";
}

class WithSet
{
    public int Size { get; set; } = 64;

    public string Name { get; set; } = "untitled";
}

record WithParameters(int Size = 64, string Name = "untitled");

[JsonSourceGenerationOptions(RespectNullableAnnotations = true)]
[JsonSerializable(typeof(WithInit))]
[JsonSerializable(typeof(WithSet))]
[JsonSerializable(typeof(WithParameters))]
partial class Generated : JsonSerializerContext;
CS
output=$(dotnet run --verbosity quiet)
echo "$output"
expected='init: by reflection 64 untitled, generated 0 null
set: by reflection 64 untitled, generated 64 untitled
parameters: by reflection 64 untitled, generated 64 untitled'
[ "$output" = "$expected" ] || { echo "Another behaviour than was seen." >&2; exit 10; }
