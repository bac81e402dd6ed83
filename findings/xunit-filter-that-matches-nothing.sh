#!/usr/bin/env bash
# xunit.v3 4.0.2: a test program whose filter matches no test ends with exit code 0, as if all had passed, and says no more than "Total: 0": a class that
# is mistyped, or renamed since, leaves a step of CI green and without tests. With Microsoft's test platform as its runner, the same program ends with 8
# for the same mistake. An option that is mistyped is 3, a test that fails 1 or 2. Prints the exit codes of both; fails where they are others.
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
    <PackageReference Include="xunit.v3" Version="[4.0.2]" />
  </ItemGroup>
</Project>
XML
cat >Sums.cs <<'CS'
using Xunit;

public class Sums
{
    [Fact]
    public void Two_and_two() => Assert.Equal(4, 2 + 2);
}

public class Wrong
{
    [Fact]
    public void Two_and_two() => Assert.Equal(5, 2 + 2);
}
CS
for runner in own platform; do
    is_platform=$([ "$runner" = platform ] && echo true || echo false)
    dotnet build -c Release -v quiet --nologo -o "$runner" -p:UseMicrosoftTestingPlatformRunner="$is_platform" >build.log 2>&1 || { cat build.log; exit 1; }
done
run() {
    local code=0
    TESTINGPLATFORM_TELEMETRY_OPTOUT=1 "$@" >/dev/null 2>&1 || code=$?
    echo "$*: $code"
}
output=$(
    for name in Sums Wrong Sum; do
        run own/app -class "$name"
        run platform/app --filter-class "$name"
    done
    run own/app -clas Sums
)
echo "$output"
expected='own/app -class Sums: 0
platform/app --filter-class Sums: 0
own/app -class Wrong: 1
platform/app --filter-class Wrong: 2
own/app -class Sum: 0
platform/app --filter-class Sum: 8
own/app -clas Sums: 3'
[ "$output" = "$expected" ] || { echo "Another behaviour than was seen." >&2; exit 10; }
