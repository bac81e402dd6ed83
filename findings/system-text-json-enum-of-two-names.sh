#!/usr/bin/env bash
# System.Text.Json 10.0.12: JsonStringEnumConverter with allowIntegerValues: false refuses values that are no member of the enum, but takes several names with
# commas between them, also for an enum without [Flags]: "Failed, Done" is the value 3, which has no name. Such a value then falls through every switch,
# and cannot be written again. Prints what each text is read as; fails where it is otherwise.
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
    <PackageReference Include="System.Text.Json" Version="[10.0.12]" />
  </ItemGroup>
</Project>
XML
cat >Program.cs <<'CS'
using System.Text.Json;
using System.Text.Json.Serialization;

var options = new JsonSerializerOptions { Converters = { new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false) } };
foreach (var json in (string[])["\"Done\"", "3", "\"3\"", "\"Lost\"", "\"Failed, Done\""])
{
    try
    {
        var state = JsonSerializer.Deserialize<State>(json, options);
        Console.WriteLine($"{json}: {(int)state}, defined {Enum.IsDefined(state)}, written {Write(state)}");
    }
    catch (JsonException)
    {
        Console.WriteLine($"{json}: refused");
    }
}

string Write(State state)
{
    try
    {
        return JsonSerializer.Serialize(state, options);
    }
    catch (JsonException)
    {
        return "refused";
    }
}

enum State
{
    Waiting,
    Failed,
    Done,
}
CS
output=$(dotnet run --verbosity quiet)
echo "$output"
expected='"Done": 2, defined True, written "Done"
3: refused
"3": refused
"Lost": refused
"Failed, Done": 3, defined False, written refused'
[ "$output" = "$expected" ] || { echo "Another behaviour than was seen." >&2; exit 10; }
