using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Sclip.Hosting.Configuration;

/// <summary>Binds a section of the configuration to a record and checks it, at start, with the key in the message.</summary>
public static partial class SclipOptions
{
    /// <summary>What environment variables of the program begin with: <c>SCLIP_STORE__CONNECTION</c> is <c>Store:Connection</c>.</summary>
    public const string EnvironmentPrefix = "SCLIP_";

    private static readonly string[] Sections = ["Store", "Broker", "Worker", "Dispatcher", "Workbench"], FrameworkSections = ["Logging", "Kestrel"];

    /// <summary>Reads a section and registers it.</summary>
    /// <exception cref="ConfigurationException">A value is of the wrong kind, or a key is unknown.</exception>
    public static T AddSclipOptions<T>(this IServiceCollection services, IConfiguration configuration, string section)
        where T : class, IValidatableOptions, new()
    {
        var options = Read<T>(configuration, section);
        services.AddSingleton(options);
        return options;
    }

    /// <summary>Reads a section.</summary>
    /// <exception cref="ConfigurationException">A value is of the wrong kind or out of range, or a key is unknown.</exception>
    public static T Read<T>(IConfiguration configuration, string section)
        where T : class, IValidatableOptions, new()
    {
        var found = configuration.GetSection(section);
        var known = typeof(T).GetProperties().Where(property => property.CanWrite).Select(property => property.Name).ToArray();
        if (found.GetChildren().FirstOrDefault(child => !known.Contains(child.Key, StringComparer.OrdinalIgnoreCase)) is { } unknown)
            throw new ConfigurationException($"{Shown(section, unknown.Key)} is not a setting{Meant(section, unknown.Key, known)} The settings of {section} are {string.Join(", ", known)}.");
        try
        {
            var options = found.Get<T>() ?? new T();
            foreach (var (key, problem) in options.Problems())
                throw new ConfigurationException($"{Shown(section, key)} {problem}");
            return options;
        }
        catch (InvalidOperationException error)
        {
            // The value itself may hold a password.
            throw new ConfigurationException(
                Unbound().Match(error.Message) is { Success: true, Groups: [_, var key, var type] }
                    ? $"{Shown(section, key.Value)} must be {ValueKind.Of(type.Value) ?? "of another kind"}."
                    : $"{section} cannot be read. Environment variables are named {EnvironmentPrefix}SECTION__KEY.", error);
        }
    }

    /// <summary>Looks for sections that no part of the program reads, since what stands in them would be ignored.</summary>
    /// <param name="configuration">What was given for this program, and nothing that others put into the environment.</param>
    /// <exception cref="ConfigurationException">There is one.</exception>
    public static void CheckSections(IConfiguration configuration)
    {
        foreach (var section in configuration.GetChildren())
        {
            if (section.GetChildren().FirstOrDefault() is not { } child || Sections.Concat(FrameworkSections).Contains(section.Key, StringComparer.OrdinalIgnoreCase))
                continue;
            throw new ConfigurationException($"{Shown(section.Key, child.Key)} is not a setting: there is no section {section.Key}. The sections are {string.Join(", ", Sections)}.");
        }
    }

    /// <summary>A key in both its forms, for messages.</summary>
    public static string Shown(string section, string key) => $"{section}:{key} ({EnvironmentPrefix}{section.ToUpperInvariant()}__{key.ToUpperInvariant()})";

    /// <summary>Adds the program's environment variables to a configuration.</summary>
    public static IConfigurationBuilder AddSclipEnvironment(this IConfigurationBuilder builder) => builder.AddEnvironmentVariables(EnvironmentPrefix);

    private static string Meant(string section, string typed, string[] known) => NearestName.Of(typed, known) is { } near ? $"; did you mean {Shown(section, near)}?" : ".";

    [GeneratedRegex(" at '[^':]*:([^']+)' to type '([^']+)'", RegexOptions.Singleline)]
    private static partial Regex Unbound();
}
