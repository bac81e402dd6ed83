namespace Sclip.Testing.Servers;

/// <summary>Starts workbenches as processes of their own, that have the demo model as <c>demo/model</c> and pull none.</summary>
/// <param name="connection">The blob server.</param>
internal sealed class WorkbenchServers(string connection) : IDisposable
{
    /// <summary>What they know their dispatcher by, where they are given it.</summary>
    public const string Key = "the key of the workbench";

    private readonly TemporaryFolder _folder = new();

    /// <summary>How a dispatcher finds one.</summary>
    public static string[] Forwarding(Uri address) => [$"--Dispatcher:Workbench={address}", $"--Dispatcher:WorkbenchKey={Key}"];

    /// <summary>Starts one, with settings of its own.</summary>
    public ServerProcess Start(Uri address, params string[] settings)
    {
        if (!Directory.Exists(_folder["models/demo"]))
        {
            Directory.CreateDirectory(_folder["models/demo"]);
            Directory.CreateSymbolicLink(_folder["models/demo/model"], Path.Combine(Repository.Root, "models", "demo", "model"));
        }
        return ServerProcess.Start(
            "dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "Sclip.Workbench.dll"), $"--urls={address}", $"--Store:Connection={connection}",
                $"--Workbench:ModelFolder={_folder["models"]}", "--Workbench:PullModels=false", .. settings,
            ],
            new Dictionary<string, string> { ["SCLIP_CACHE"] = _folder["cache"] });
    }

    public void Dispose() => _folder.Dispose();
}
