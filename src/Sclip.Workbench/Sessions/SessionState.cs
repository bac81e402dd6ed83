using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sclip.Storage.Folders;

namespace Sclip.Workbench.Sessions;

/// <summary>What the page puts, to be there after a reload; in a file where there is one, and so after the next start.</summary>
internal sealed class SessionState
{
    /// <summary>Levels that it may have: it is told within a session, whose JSON has a limit of its own.</summary>
    public const int MostDepth = 32;

    private readonly Lock _gate = new();
    private readonly string? _file;
    private JsonObject? _value;

    public SessionState(string? file)
    {
        _file = file;
        try
        {
            _value = file is not null && File.Exists(file) ? Parse(File.ReadAllBytes(file)) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // What cannot be read is begun anew.
        }
    }

    public JsonObject? Value
    {
        get
        {
            lock (_gate)
                return _value?.DeepClone().AsObject();
        }
    }

    /// <summary>Reads one; null where it is none that can be told again.</summary>
    public static JsonObject? Parse(byte[] text)
    {
        try
        {
            var value = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = MostDepth, AllowDuplicateProperties = false }) as JsonObject;
            // Half a surrogate pair is found when it is written.
            value?.ToJsonString();
            return value;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <exception cref="WorkbenchException">It cannot be written.</exception>
    public void Put(JsonObject value)
    {
        lock (_gate)
        {
            _value = value;
            if (_file is null)
                return;
            try
            {
                WholeFile.Write(_file, Encoding.UTF8.GetBytes(value.ToJsonString()));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new WorkbenchException(500, $"What was typed cannot be kept in {_file}: {error.Message}");
            }
        }
    }
}
