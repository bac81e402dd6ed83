#!/usr/bin/env bash
# YamlDotNet 18.1.0: the serializer writes the texts "null" and "~" without quotation marks, and the deserializer reads them as no value: a string does not come
# back, and a dictionary of strings that are not nullable has a null in it. Other texts that look like something else are safe (true, 1e3), as they are read as what
# is asked for. WithQuotingNecessaryStrings() on the SerializerBuilder, which is off by default, keeps them. Prints what each text is written and read as; fails where it
# is otherwise.
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
    <PackageReference Include="YamlDotNet" Version="[18.1.0]" />
  </ItemGroup>
</Project>
XML
cat >Program.cs <<'CS'
using YamlDotNet.Serialization;

var reader = new DeserializerBuilder().Build();
foreach (var (how, writer) in new[] { ("default", new SerializerBuilder().Build()), ("quoting", new SerializerBuilder().WithQuotingNecessaryStrings().Build()) })
    foreach (var text in (string[])["null", "~", "true", "1e3"])
    {
        var yaml = writer.Serialize(new Dictionary<string, string> { ["name"] = text });
        Console.WriteLine($"{how}, {text}: {yaml.Trim()}; back: {reader.Deserialize<Dictionary<string, string>>(yaml)["name"] ?? "(no value)"}");
    }
CS
output=$(dotnet run --verbosity quiet)
echo "$output"
expected='default, null: name: null; back: (no value)
default, ~: name: ~; back: (no value)
default, true: name: true; back: true
default, 1e3: name: 1e3; back: 1e3
quoting, null: name: "null"; back: null
quoting, ~: name: "~"; back: ~
quoting, true: name: "true"; back: true
quoting, 1e3: name: "1e3"; back: 1e3'
[ "$output" = "$expected" ] || { echo "Another behaviour than was seen." >&2; exit 10; }
