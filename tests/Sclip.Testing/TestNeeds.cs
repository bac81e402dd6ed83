using System.Reflection;

namespace Sclip.Testing;

/// <summary>Servers and programs that a test project says it needs: <c>TestNeeds</c> of its project file, which <c>test.sh</c> reads.</summary>
public static class TestNeeds
{
    /// <summary>Holds the test project under way to what it says, lest a fast one comes to need a server unseen.</summary>
    /// <param name="need">What is about to be used, as test.sh calls it.</param>
    /// <exception cref="InvalidOperationException">The project does not name it.</exception>
    public static void Require(string need)
    {
        // Benchmarks start servers, too; they say nothing of them.
        if (Assembly.GetEntryAssembly() is not { } project || project.GetName().Name?.EndsWith(".Tests", StringComparison.Ordinal) != true)
            return;
        var named = project.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(item => item.Key == "TestNeeds")?.Value ?? "";
        if (!named.Split(' ').Contains(need))
            throw new InvalidOperationException(
                $"A test of {project.GetName().Name} needs {need}, which <TestNeeds> of its project file does not name: move the test to a project that names it, or add it there; ./test.sh fast then leaves the project out.");
    }
}
