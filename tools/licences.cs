// licences.cs SBOM TABLE: checks that every package of a CycloneDX SBOM has a licence that is allowed, puts in those that the packages
// name otherwise than by an identifier, and writes a table of all.
using System.Text.Json.Nodes;

string[] allowed = ["MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause"];
// Read by a person: what the package holds, where its file or its address is all that it names, and which is taken where there is a choice.
var named = new Dictionary<string, (string Licence, string Why)>
{
    ["Apache.Arrow"] = ("Apache-2.0", "its file LICENSE.txt"),
    ["CsvHelper"] = ("Apache-2.0", "taken of MS-PL and Apache-2.0"),
    ["K4os.Compression.LZ4"] = ("MIT", "the file at its address"),
    ["RabbitMQ.Client"] = ("Apache-2.0", "taken of Apache-2.0 and MPL-2.0"),
    ["System.Security.Cryptography.ProtectedData"] = ("MIT", "its file LICENSE.TXT"),
};

var sbom = JsonNode.Parse(File.ReadAllText(args[0]))!;
var table = new List<string> { "| package | version | licence | |", "|---|---|---|---|" };
var refused = new List<string>();
foreach (var component in sbom["components"]!.AsArray())
{
    var (name, version) = ((string)component!["name"]!, (string)component["version"]!);
    var licences = component["licenses"]?.AsArray().Select(item => (string?)item!["license"]?["id"] ?? (string?)item["expression"] ?? "unknown").ToArray() ?? [];
    var why = "";
    if (named.TryGetValue(name, out var known))
    {
        (licences, why) = ([known.Licence], known.Why);
        component["licenses"] = new JsonArray(new JsonObject { ["license"] = new JsonObject { ["id"] = known.Licence } });
    }
    table.Add($"| {name} | {version} | {string.Join(", ", licences)} | {why} |");
    if (licences.Length == 0 || licences.Except(allowed).Any())
        refused.Add($"{name} {version} ({(licences.Length == 0 ? "no licence" : string.Join(", ", licences))})");
}
File.WriteAllText(args[0], sbom.ToJsonString(new() { WriteIndented = true }) + "\n");
File.WriteAllText(args[1], string.Join('\n', table) + "\n");
if (refused.Count == 0)
    return 0;
Console.Error.WriteLine($"Not among {string.Join(", ", allowed)}: {string.Join("; ", refused)}. Read the licence; if it may be used, name it in tools/licences.cs, else do without the package.");
return 1;
