#!/usr/bin/env bash
# TorchSharp 0.107.0 with libtorch-cpu-linux-x64 2.10.0, on a system whose libstdc++ is older than GCC 13's (Debian 12, Ubuntu 22.04): the first tensor throws
# NotSupportedException, which says that there is no reference to libtorch-cpu-linux-x64. It is there, and so are its files in the output: the loader has refused
# libLibTorchSharp.so, which wants GLIBCXX_3.4.32. Nothing in the message says so; `ldd` does. On the way the whole of libtorch is copied once more, into the
# folder cpu of the output. Takes 1.7 GB of disk. Prints what is thrown, what the loader says and that copy; fails where it is otherwise, and does not
# run where libstdc++ is new enough.
set -euo pipefail
library=$(ldconfig -p | sed -n 's/.*libstdc++\.so\.6 (.*x86-64.*) => //p' | head -1)
[ -n "$library" ] && ! grep -aq GLIBCXX_3.4.32 "$library" || { echo "There is no libstdc++ here, or it has GLIBCXX_3.4.32." >&2; exit 1; }
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
    <RuntimeIdentifier>linux-x64</RuntimeIdentifier>
    <SelfContained>false</SelfContained>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="TorchSharp" Version="[0.107.0]" />
    <PackageReference Include="libtorch-cpu-linux-x64" Version="[2.10.0]" />
  </ItemGroup>
</Project>
XML
cat >Program.cs <<'CS'
try
{
    Console.WriteLine(TorchSharp.torch.ones(2).sum().item<float>());
}
catch (Exception error)
{
    while (error is TypeInitializationException { InnerException: { } inner })
        error = inner;
    Console.WriteLine($"{error.GetType().Name}, names a package to reference: {error.Message.Contains("doesn't contain a reference to libtorch-cpu-linux-x64")}, names GLIBCXX: {error.Message.Contains("GLIBCXX")}");
}
CS
dotnet build -c Release -v quiet --nologo -o out >build.log 2>&1 || { cat build.log; exit 1; }
output=$(
    dotnet out/app.dll | tail -1
    ldd out/libLibTorchSharp.so 2>&1 | grep -om 1 'GLIBCXX_3\.4\.32. not found'
    (cd out/cpu && ls libtorch_cpu.so)
)
echo "$output"
expected="NotSupportedException, names a package to reference: True, names GLIBCXX: False
GLIBCXX_3.4.32' not found
libtorch_cpu.so"
[ "$output" = "$expected" ] || { echo "Another behaviour than was seen." >&2; exit 10; }
