using System.Globalization;
using System.Net.Sockets;

namespace Sclip.Testing.Servers;

/// <summary>
/// A real Azurite, the emulator of Azure Blob, on a port of 127.0.0.1, with its data in a temporary folder: found in the folder named by
/// SCLIP_AZURITE (the one that holds node_modules), else in ~/.cache/sclip-tests/azurite.
/// </summary>
public sealed class AzuriteServer : IAsyncDisposable
{
    /// <summary>The account that every emulator has.</summary>
    public const string AccountName = "devstoreaccount1";

    /// <summary>Its key, which is public.</summary>
    public const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly TemporaryFolder _data = new();
    private ServerProcess? _process;

    public int Port { get; } = FreePort.Next();

    public string ServiceUri => $"http://127.0.0.1:{Port}/{AccountName}";

    public string ConnectionString => ConnectionStringFor(Port);

    /// <summary>The connection string of the account behind a port, such as a relay's; of another key where given.</summary>
    public static string ConnectionStringFor(int port, string key = AccountKey) =>
        $"DefaultEndpointsProtocol=http;AccountName={AccountName};AccountKey={key};BlobEndpoint=http://127.0.0.1:{port}/{AccountName};";

    /// <summary>Starts it, again on the same port and data where it was stopped, and returns once it answers.</summary>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        TestNeeds.Require("azurite");
        if (_process is { HasExited: false })
            return;
        _process?.Dispose();
        string[] arguments =
        [
            "--silent", "--skipApiVersionCheck", "--disableTelemetry", "--blobHost", "127.0.0.1",
            "--blobPort", Port.ToString(CultureInfo.InvariantCulture), "--location", _data.Path,
        ];
        _process = ServerProcess.Start(Program(), arguments);
        await _process.UntilAsync(AnswersAsync, cancellationToken);
    }

    /// <summary>Stops it. It is asked to end, since it writes what it knows of its blobs only every few seconds, unlike the service it emulates.</summary>
    public Task StopAsync() => _process?.TerminateAsync() ?? Task.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _process?.Dispose();
        _process = null;
        _data.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string Program()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var folder = Environment.GetEnvironmentVariable("SCLIP_AZURITE") is { Length: > 0 } named ? named : Path.Combine(home, ".cache", "sclip-tests", "azurite");
        var program = Path.Combine(folder, "node_modules", ".bin", "azurite-blob");
        return File.Exists(program)
            ? program
            : throw new InvalidOperationException($"{program} does not exist: run ./test.sh, which installs Azurite, or npm install --prefix {folder} azurite@3.37.0.");
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", Port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
