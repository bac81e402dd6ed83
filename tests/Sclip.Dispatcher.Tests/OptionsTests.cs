using Microsoft.Extensions.Configuration;
using Sclip.Hosting.Configuration;

namespace Sclip.Dispatcher.Tests;

/// <summary>Settings of the dispatcher that cannot be used.</summary>
public sealed class OptionsTests
{
    [Theory]
    [InlineData("PricePerWorkerHour", "-0.01", "is -0.01: it must not be negative.")]
    [InlineData("CacheFolder", " ", "is empty: it must be a folder, or not be set.")]
    public void Are_refused_with_their_key(string key, string value, string problem)
    {
        var error = Assert.Throws<ConfigurationException>(() => Read((key, value)));
        Assert.Contains(key, error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.EndsWith(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_price_that_is_no_number_is_refused_with_its_key() =>
        Assert.Contains("PricePerWorkerHour", Assert.Throws<ConfigurationException>(() => Read(("PricePerWorkerHour", "cheap"))).Message, StringComparison.OrdinalIgnoreCase);

    [Fact]
    public void A_price_of_nothing_and_a_folder_are_taken()
    {
        var options = Read(("PricePerWorkerHour", "0"), ("CacheFolder", "cache"));
        Assert.Equal((0m, "cache"), (options.PricePerWorkerHour, options.CacheFolder));
    }

    private static DispatcherOptions Read(params (string Key, string Value)[] settings) => SclipOptions.Read<DispatcherOptions>(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"{DispatcherOptions.Section}:{setting.Key}", (string?)setting.Value))).Build(), DispatcherOptions.Section);
}
