#!/usr/bin/env bash
# Microsoft.Data.Sqlite 10.0.15 on Linux: where the file of a database is deleted, a connection that is opened anew by the same connection string still has the
# old one, out of the pool: it reads what is gone, and no new file is made. A write then depends on the journal. With SQLite's own it is refused with
# "attempt to write a readonly database" (SQLITE_READONLY_DBMOVED, 1032), though no file and no folder is read-only; with journal_mode = WAL it
# succeeds, and what was written is nowhere once the pool lets go. Fails where it is otherwise.
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

foreach (var journal in (string[])["DELETE", "WAL"])
{
    var folder = Directory.CreateDirectory(journal).FullName;
    var source = $"Data Source={Path.Combine(folder, "names.db")}";
    Ask(source, $"PRAGMA journal_mode = {journal}; CREATE TABLE names (name TEXT); INSERT INTO names VALUES ('one')");
    foreach (var file in Directory.GetFiles(folder))
        File.Delete(file);
    Console.WriteLine($"{journal}, deleted: {Ask(source, "SELECT count(*) FROM names")} rows, files: {Directory.GetFiles(folder).Length}");
    Console.WriteLine($"{journal}, write: {Ask(source, "INSERT INTO names VALUES ('two'); SELECT count(*) FROM names")}, files: {Directory.GetFiles(folder).Length}");
    SqliteConnection.ClearAllPools();
    Console.WriteLine($"{journal}, without the pool: {Ask(source, "SELECT count(*) FROM names")}");
    SqliteConnection.ClearAllPools();
}

static string Ask(string source, string sql)
{
    try
    {
        using var connection = new SqliteConnection(source);
        connection.Open();
        using var command = new SqliteCommand(sql, connection);
        return $"{command.ExecuteScalar()}";
    }
    catch (SqliteException error)
    {
        return $"{error.SqliteExtendedErrorCode} {error.Message}";
    }
}
CS
output=$(dotnet run --verbosity quiet)
echo "$output"
expected="DELETE, deleted: 1 rows, files: 0
DELETE, write: 1032 SQLite Error 8: 'attempt to write a readonly database'., files: 0
DELETE, without the pool: 1 SQLite Error 1: 'no such table: names'.
WAL, deleted: 1 rows, files: 0
WAL, write: 2, files: 0
WAL, without the pool: 1 SQLite Error 1: 'no such table: names'."
[ "$output" = "$expected" ] || { echo "Another behaviour than was seen." >&2; exit 10; }
