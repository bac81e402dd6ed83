using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sclip.Storage.Folders;

namespace Sclip.Workbench.Sessions;

/// <summary>What the page puts, to be there after a reload; in a file where there is one, and so after the next start.</summary>
internal sealed class SessionState
{
    private readonly Lock _gate = new();
    private readonly string? _file;
    private JsonObject? _value;

    public SessionState(string? file)
    {
        _file = file;
        try
        {
            _value = file is not null && File.Exists(file) ? JsonNode.Parse(File.ReadAllBytes(file)) as JsonObject : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
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
