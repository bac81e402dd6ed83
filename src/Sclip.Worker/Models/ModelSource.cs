using System.Text.Json;

namespace Sclip.Worker.Models;

/// <summary>Where a pulled model came from; kept beside its files.</summary>
/// <param name="Id">The id it was pulled by.</param>
/// <param name="Commit">The commit that all its files are of.</param>
/// <param name="Endpoint">The hub.</param>
public sealed record ModelSource(string Id, string Commit, string Endpoint)
{
    private const string FileName = ".source.json";
    private static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    internal void Write(string directory) => File.WriteAllText(Path.Combine(directory, FileName), JsonSerializer.Serialize(this, Format));

    /// <summary>Null where the model was put there by hand.</summary>
    public static ModelSource? TryRead(string directory)
    {
        try
        {
            return JsonSerializer.Deserialize<ModelSource>(File.ReadAllText(Path.Combine(directory, FileName)), Format);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}
