#!/usr/bin/env bash
# Microsoft.ML.OnnxRuntime 1.31.1: a console project for net10.0 without a RuntimeIdentifier, built or published on Linux, has an archive for
# Android (55 MB) and one for iOS (59 MB) in its output, beside the libraries of five systems: no program there can load either. With a
# RuntimeIdentifier they stay out; but that of linux-x64 copies Windows' onnxruntime.dll (17 MB) beside the program, since the
# package does so wherever the platform is x64, whatever the system. Prints what is larger than 10 MB, in whole MB, as below; fails where it differs.
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
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Microsoft.ML.OnnxRuntime" Version="[1.31.1]" />
  </ItemGroup>
</Project>
XML
echo 'System.Console.WriteLine();' >Program.cs
show() {
    local name=$1
    shift
    rm -rf bin obj out
    dotnet "$@" -c Release -v quiet --nologo -o out >log 2>&1 || { cat log >&2; exit 1; }
    find out -type f -size +10000000c -printf '%s %P\n' | awk -v name="$name" '{ printf "%s: %.0f MB %s\n", name, $1 / 1e6, $2 }' | LC_ALL=C sort -k 4
}
output=$(show build build; show publish publish; show 'for linux-x64' build -r linux-x64)
echo "$output"
portable() {
    printf "$1: %s\n" '55 MB runtimes/android/native/onnxruntime.aar' '59 MB runtimes/ios/native/onnxruntime.xcframework.zip' '25 MB runtimes/linux-arm64/native/libonnxruntime.so' \
        '29 MB runtimes/linux-x64/native/libonnxruntime.so' '45 MB runtimes/osx-arm64/native/libonnxruntime.dylib' '18 MB runtimes/win-arm64/native/onnxruntime.dll' \
        '17 MB runtimes/win-x64/native/onnxruntime.dll'
}
expected="$(portable build)
$(portable publish)
for linux-x64: 29 MB libonnxruntime.so
for linux-x64: 17 MB onnxruntime.dll"
[ "$output" = "$expected" ] || { echo "Another behaviour than was seen." >&2; exit 10; }
