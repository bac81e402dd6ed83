#!/usr/bin/env bash
# Microsoft.ML.OnnxRuntime 1.31.1 on Linux x64: a program that opens a session, here of a model that copies a number, sends reports of its use to a server
# of the vendor within a minute, and leaves an id of this machine's user and a database in ~/.cache/Microsoft/DeveloperTools/.onnxruntime. Privacy.md in the
# package says so; nothing that the build prints does. ORT_DISABLE_TELEMETRY=1 in the environment, before the library is loaded, switches it
# off. Shown by a proxy that writes down what it is asked for and refuses it. Prints what each of two runs asks for and leaves; fails where it is otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$folder"' EXIT
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
    <PackageReference Include="Microsoft.ML.OnnxRuntime" Version="[1.31.1]" />
  </ItemGroup>
</Project>
XML
cat >Program.cs <<'CS'
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.ML.OnnxRuntime;

// y = x, of one float: the fields of ONNX's protobuf by their numbers.
byte[] input = Value("x"), output = Value("y");
byte[] graph = [.. Field(1, [.. Text(1, "x"), .. Text(2, "y"), .. Text(4, "Identity")]), .. Text(2, "copy"), .. Field(11, input), .. Field(12, output)];
byte[] model = [.. Number(1, 8), .. Field(7, graph), .. Field(8, [.. Text(1, ""), .. Number(2, 13)])];

using var proxy = TcpListener.Create(int.Parse(args[0]));
proxy.Start();
using var session = new InferenceSession(model);
using var options = new RunOptions();
using var number = OrtValue.CreateTensorValueFromMemory(new float[] { 5 }, [1]);
using var results = session.Run(options, ["x"], [number], ["y"]);
using var time = new CancellationTokenSource(TimeSpan.FromSeconds(60));
try
{
    using var client = await proxy.AcceptTcpClientAsync(time.Token);
    using var reader = new StreamReader(client.GetStream());
    Console.WriteLine($"{(await reader.ReadLineAsync())!.Split(" HTTP/")[0]}");
}
catch (OperationCanceledException)
{
    Console.WriteLine("nothing");
}

static byte[] Value(string name) => [.. Text(1, name), .. Field(2, Field(1, [.. Number(1, 1), .. Field(2, Field(1, Number(1, 1)))]))];

static byte[] Text(int field, string text) => Field(field, Encoding.ASCII.GetBytes(text));

static byte[] Field(int field, byte[] bytes) => [(byte)(field << 3 | 2), (byte)bytes.Length, .. bytes];

static byte[] Number(int field, int number) => [(byte)(field << 3), (byte)number];
CS
dotnet build -c Release -r linux-x64 --self-contained false -v quiet --nologo -o out >build.log 2>&1 || { cat build.log; exit 1; }
run() {
    local port
    port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
    mkdir "$1"
    echo "$1: $(HOME=$folder/$1 XDG_CACHE_HOME= https_proxy="http://127.0.0.1:$port" HTTPS_PROXY="http://127.0.0.1:$port" dotnet out/app.dll "$port" | sed 's/ [^ ]*\(\.microsoft\.com\)/ …\1/'), files: $(find "$1/.cache" -path '*onnxruntime*' -type f -printf '%f\n' 2>/dev/null | LC_ALL=C sort | grep -v -e -wal -e -shm -e -journal | paste -sd ' ')"
}
output=$(
    run as-it-comes
    ORT_DISABLE_TELEMETRY=1 run disabled
    echo "lines that name the variable or telemetry: Privacy.md $(grep -c ORT_DISABLE_TELEMETRY packages/microsoft.ml.onnxruntime/1.31.1/Privacy.md), the build $(grep -ciE 'telemetry|usage|privacy' build.log || true)"
)
echo "$output"
expected='as-it-comes: CONNECT ….microsoft.com:443, files: deviceid onnxruntime.db
disabled: nothing, files: 
lines that name the variable or telemetry: Privacy.md 1, the build 0'
[ "$output" = "$expected" ] || { echo "Another behaviour than was seen." >&2; exit 10; }
