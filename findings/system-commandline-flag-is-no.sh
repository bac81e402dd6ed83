#!/usr/bin/env bash
# System.CommandLine 3.0.0: what an option does not take becomes an argument of the command, where it has a list of them, and nobody is told. A flag that is
# written as --dry-run=no or --dry-run=0 is switched on, and "no" is one more file; only true and false are values of it. An option that is
# mistyped is a file, too, with the value behind it. Without arguments all of these are errors. Prints how command lines are read; fails where it
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
    <PackageReference Include="System.CommandLine" Version="[3.0.0]" />
  </ItemGroup>
</Project>
XML
cat >Program.cs <<'CS'
using System.CommandLine;

var (flag, size, files) = (new Option<bool>("--dry-run"), new Option<int>("--size"), new Argument<string[]>("files"));
foreach (var root in (RootCommand[])[new RootCommand { flag, size, files }, new RootCommand { flag, size }])
    foreach (var line in (string[])["--dry-run=true", "--dry-run=false", "--dry-run=no", "--dry-run=0", "--sise 5"])
    {
        var parsed = root.Parse(line);
        Console.WriteLine(root.Arguments.Count == 0
            ? $"{line}, without arguments: {parsed.Errors.Count} errors"
            : $"{line}: {parsed.Errors.Count} errors, dry run {parsed.GetValue(flag)}, size {parsed.GetValue(size)}, files [{string.Join(", ", parsed.GetValue(files)!)}]");
    }
CS
output=$(dotnet run --verbosity quiet)
echo "$output"
expected='--dry-run=true: 0 errors, dry run True, size 0, files []
--dry-run=false: 0 errors, dry run False, size 0, files []
--dry-run=no: 0 errors, dry run True, size 0, files [no]
--dry-run=0: 0 errors, dry run True, size 0, files [0]
--sise 5: 0 errors, dry run False, size 0, files [--sise, 5]
--dry-run=true, without arguments: 0 errors
--dry-run=false, without arguments: 0 errors
--dry-run=no, without arguments: 1 errors
--dry-run=0, without arguments: 1 errors
--sise 5, without arguments: 2 errors'
[ "$output" = "$expected" ] || { echo "Another behaviour than was seen." >&2; exit 10; }
