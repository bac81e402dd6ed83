using System.Text.Json.Nodes;

namespace Sclip.Images.Tests;

/// <summary>A built image.</summary>
internal sealed record Image
{
    /// <summary>The target of the Dockerfile.</summary>
    public required string Target { get; init; }

    /// <summary>The folder of its files on this machine.</summary>
    public required string Root { get; init; }

    /// <summary>The user and the group that it runs as.</summary>
    public required string User { get; init; }

    /// <summary>What it runs.</summary>
    public required string[] Entrypoint { get; init; }

    /// <summary>Its health check, CMD first; empty where it has none.</summary>
    public required string[] HealthCheck { get; init; }

    /// <summary>Its environment.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>The ports that it says it listens on, as <c>8080/tcp</c>.</summary>
    public required string[] Ports { get; init; }

    /// <summary>The paths of its volumes.</summary>
    public required string[] Volumes { get; init; }

    /// <summary>Its labels.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Reads what <c>buildah inspect</c> tells of an image.</summary>
    public static Image Read(string target, string root, string inspected)
    {
        var config = JsonNode.Parse(inspected)!["Docker"]!["config"]!.AsObject();
        return new()
        {
            Target = target,
            Root = root,
            User = (string)config["User"]!,
            Entrypoint = Strings(config["Entrypoint"]),
            HealthCheck = Strings(config["Healthcheck"]?["Test"]),
            Environment = Strings(config["Env"]).Select(variable => variable.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]),
            Ports = Keys(config["ExposedPorts"]),
            Volumes = Keys(config["Volumes"]),
            Labels = Keys(config["Labels"]).ToDictionary(name => name, name => (string)config["Labels"]![name]!),
        };
    }

    private static string[] Strings(JsonNode? array) => array is null ? [] : [.. array.AsArray().Select(item => (string)item!)];

    private static string[] Keys(JsonNode? map) => map is null ? [] : [.. map.AsObject().Select(pair => pair.Key)];
}
