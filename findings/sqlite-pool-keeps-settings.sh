#!/usr/bin/env bash
# Microsoft.Data.Sqlite 10.0.15: a connection that is disposed of goes back into the pool (the default) with what was set on it, and the next one that is opened
# has it: PRAGMAs such as query_only, temporary tables with their rows, attached databases. So a new connection may refuse to write, or find
# another's rows, by which one it happens to be given. Functions are taken back. With Pooling=False each begins anew. Fails where that is
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
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Microsoft.Data.Sqlite" Version="[10.0.15]" />
  </ItemGroup>
</Project>
XML
cat >Program.cs <<'CS'
using Microsoft.Data.Sqlite;

foreach (var pooling in (string[])["True", "False"])
{
    var source = $"Data Source=pooling-{pooling}.db;Pooling={pooling}";
    using (var first = Open(source))
    {
        Ask(first, "CREATE TABLE names (name TEXT)");
        Ask(first, "CREATE TEMP TABLE mine (name TEXT); INSERT INTO mine VALUES ('of the first')");
        Ask(first, "ATTACH ':memory:' AS other");
        first.CreateFunction("five", () => 5);
        Ask(first, "PRAGMA query_only = 1");
    }
    using var second = Open(source);
    Console.WriteLine($"Pooling={pooling}, write: {Ask(second, "INSERT INTO names VALUES ('one') RETURNING 'done'")}");
    Console.WriteLine($"Pooling={pooling}, temporary table: {Ask(second, "SELECT name FROM mine")}");
    Console.WriteLine($"Pooling={pooling}, databases: {Ask(second, "SELECT group_concat(name) FROM pragma_database_list WHERE name <> 'temp'")}");
    Console.WriteLine($"Pooling={pooling}, function: {Ask(second, "SELECT five()")}");
}

static SqliteConnection Open(string source)
{
    var connection = new SqliteConnection(source);
    connection.Open();
    return connection;
}

static string Ask(SqliteConnection connection, string sql)
{
    try
    {
        using var command = new SqliteCommand(sql, connection);
        return $"{command.ExecuteScalar()}";
    }
    catch (SqliteException error)
    {
        return error.Message;
    }
}
CS
output=$(dotnet run --verbosity quiet)
echo "$output"
expected="Pooling=True, write: SQLite Error 8: 'attempt to write a readonly database'.
Pooling=True, temporary table: of the first
Pooling=True, databases: main,other
Pooling=True, function: SQLite Error 1: 'no such function: five'.
Pooling=False, write: done
Pooling=False, temporary table: SQLite Error 1: 'no such table: mine'.
Pooling=False, databases: main
Pooling=False, function: SQLite Error 1: 'no such function: five'."
[ "$output" = "$expected" ] || { echo "Another behaviour than was seen." >&2; exit 10; }
