using System.Globalization;
using Sclip.Testing;
using Sclip.Testing.Servers;

namespace Sclip.Images.Tests;

/// <summary>A process in the root of an image, under the conditions of a container (see the script contain), with this machine's network.</summary>
internal sealed class Container : IDisposable
{
    private readonly ServerProcess _process;

    private Container(ServerProcess process) => _process = process;

    /// <summary>What it wrote.</summary>
    public string Output => _process.Output;

    /// <summary>Its exit code, once it has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>The process within, as this machine counts.</summary>
    private string Process => File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{_process.Id}/task/{_process.Id}/children")).Trim();

    /// <summary>What the system says of the process within: <c>/proc/PID/status</c> by field.</summary>
    public IReadOnlyDictionary<string, string> Status =>
        File.ReadAllLines($"/proc/{Process}/status").Select(line => line.Split(':', 2)).ToDictionary(pair => pair[0], pair => pair[1].Trim());

    /// <summary>Starts the image's own program.</summary>
    /// <param name="image">The image.</param>
    /// <param name="settings">Variables beside those of the image.</param>
    /// <param name="mounts">Folders, as FOLDER:PATH, with :ro where they are not to be written.</param>
    /// <param name="arguments">What the program is told.</param>
    public static Container Start(Image image, IReadOnlyDictionary<string, string> settings, string[] mounts, params string[] arguments) =>
        Exec(image, settings, mounts, [.. image.Entrypoint, .. arguments]);

    /// <summary>Starts any command of the image.</summary>
    public static Container Exec(Image image, IReadOnlyDictionary<string, string> settings, string[] mounts, params string[] command)
    {
        var environment = image.Environment.ToDictionary();
        foreach (var (name, value) in settings)
            environment[name] = value;
        string[] arguments =
        [
            "--mount", "--pid", "--fork", "--kill-child", "--propagation", "private", Path.Combine(Repository.Root, "tests", "Sclip.Images.Tests", "contain"),
            image.Root, image.User, .. mounts, "--", .. environment.Select(pair => $"{pair.Key}={pair.Value}"), .. command,
        ];
        return new(ServerProcess.Start("unshare", arguments));
    }

    /// <summary>Runs a command of the image to its end.</summary>
    /// <returns>Its exit code, and all that it wrote.</returns>
    public static async Task<(int ExitCode, string Output)> RunAsync(Image image, IReadOnlyDictionary<string, string> settings, string[] mounts, params string[] command)
    {
        using var container = Exec(image, settings, mounts, command);
        await container.EndAsync();
        return (container.ExitCode, container.Output);
    }

    /// <summary>Waits until an address answers well.</summary>
    public Task AnswersAsync(string address) => _process.UntilAsync(
        async token =>
        {
            using var client = new HttpClient();
            try
            {
                using var answer = await client.GetAsync(address, token);
                return answer.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        },
        TestContext.Current.CancellationToken);

    /// <summary>Sends the process within a SIGTERM, as an orchestrator does, and waits for its end.</summary>
    public async Task TerminateAsync()
    {
        using var kill = System.Diagnostics.Process.Start("kill", ["-TERM", Process]);
        await kill.WaitForExitAsync();
        await EndAsync();
    }

    /// <summary>Waits for its end.</summary>
    public Task EndAsync() => _process.EndAsync(TestContext.Current.CancellationToken);

    public void Dispose() => _process.Dispose();
}
