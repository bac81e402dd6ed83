using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Sclip.Imaging;
using Sclip.Labels;
using Sclip.Testing;

namespace Sclip.Cli.Tests;

/// <summary>Runs the program in this process, in a folder of its own.</summary>
internal sealed class SclipCli : IDisposable
{
    public static readonly string Demo = Path.Combine(Repository.Root, "models", "demo");
    public static readonly string Model = Path.Combine(Demo, "model");

    public TemporaryFolder Folder { get; } = new();

    public WatchedDecoder Decoder { get; init; } = new();

    public string Output => Folder["out"];

    public JsonObject[] Results => [.. File.ReadAllLines(Path.Combine(Output, "results.jsonl")).Select(line => JsonNode.Parse(line)!.AsObject())];

    /// <summary>Embeddings are kept in a folder of the test run, not in the user's cache; the demo is the repository's.</summary>
    [ModuleInitializer]
    internal static void SetEnvironment()
    {
        Environment.SetEnvironmentVariable("SCLIP_CACHE", Directory.CreateTempSubdirectory("sclip-test-cache-").FullName);
        Environment.SetEnvironmentVariable("SCLIP_HOME", Repository.Root);
    }

    /// <summary>Copies a demo picture into the folder.</summary>
    public string Picture(string name, int scene = 1) => Folder.Write(name, File.ReadAllBytes(Path.Combine(Demo, "pictures", $"scene-{scene}.png")));

    /// <summary>Writes a projection of the demo model's width, a multiple of the identity, and gives the method that reads it.</summary>
    public string Projection(float diagonal, int width = 128)
    {
        var values = new float[width * width];
        for (var i = 0; i < width; i++)
            values[i * width + i] = diagonal;
        return $"sclip-projection:{Folder.Write("w.npy", [.. Npy.Header("<f4", width, width), .. MemoryMarshal.AsBytes(values.AsSpan())])}";
    }

    public JsonObject Result(string image) => Results.Single(result => result["image"]!.GetValue<string>() == image);

    public Task<(int ExitCode, string Output, string Error)> Label(params string[] more) => Label(output: null, more);

    public Task<(int ExitCode, string Output, string Error)> Label(TextWriter? output, params string[] more) =>
        Run(["label", Folder["in"], "--labels", Path.Combine(Demo, "labels.json"), "--model", Model, "--out", Output, .. more], output: output, decoder: Decoder);

    public static async Task<(int ExitCode, string Output, string Error)> Run(string[] arguments, CancellationToken stop = default, CancellationToken abort = default, TextWriter? output = null, WatchedDecoder? decoder = null)
    {
        var error = new StringWriter();
        output ??= new StringWriter();
        var code = await App.RunAsync(arguments, new CliContext(output, error, Interactive: false, stop, abort) { Decoder = decoder ?? new() });
        return (code, output.ToString()!, error.ToString());
    }

    public void Dispose() => Folder.Dispose();
}
