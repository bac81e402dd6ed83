using System.ComponentModel;
using System.Diagnostics;

namespace Sclip.Testing.Servers;

/// <summary>Programs of Debian's package prometheus.</summary>
public static class Tool
{
    public static Process Start(string name, params string[] arguments)
    {
        TestNeeds.Require("prometheus");
        try
        {
            return Process.Start(new ProcessStartInfo(name, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        }
        catch (Win32Exception error)
        {
            throw new InvalidOperationException($"{name} is not installed: apt-get install -y --no-install-recommends prometheus", error);
        }
    }
}
