#!/usr/bin/env bash
# Spectre.Console 0.57.2: where the output is a pipe, AnsiConsole breaks each line after 80 columns, also plain text by WriteLine: a path or a JSON
# document that is longer arrives in pieces at the next program. A Profile.Width that is set by hand is the way out. Console.WriteLine leaves lines
# whole. Prints, by `wc`, how many lines a text of 200 letters is, and how long the longest is; fails where it is otherwise.
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
    <PackageReference Include="Spectre.Console" Version="[0.57.2]" />
  </ItemGroup>
</Project>
XML
cat >Program.cs <<'CS'
using Spectre.Console;

var text = new string('x', 200);
switch (args[0])
{
    case "Console":
        Console.WriteLine(text);
        break;
    case "AnsiConsole":
        AnsiConsole.WriteLine(text);
        break;
    case "MarkupLine":
        AnsiConsole.MarkupLine(text);
        break;
    default:
        AnsiConsole.Profile.Width = 1000;
        AnsiConsole.WriteLine(text);
        break;
}
CS
dotnet build -c Release -v quiet --nologo -o out >build.log 2>&1 || { cat build.log; exit 1; }
unset COLUMNS
output=$(for way in Console AnsiConsole MarkupLine 'AnsiConsole of width 1000'; do echo "$way: $(dotnet out/app.dll "$way" </dev/null 2>/dev/null | wc -lL | xargs)"; done)
echo "$output"
expected='Console: 1 200
AnsiConsole: 3 80
MarkupLine: 3 80
AnsiConsole of width 1000: 1 200'
[ "$output" = "$expected" ] || { echo "Another behaviour than was seen." >&2; exit 10; }
