using Microsoft.Extensions.Configuration;
using Sclip.Hosting.Configuration;
using Sclip.Hosting.Messaging;

namespace Sclip.Hosting.Tests.Configuration;

public class UnknownKeyTests
{
    [Theory]
    [InlineData("LateSecond", "SCLIP_BROKER__LATESECONDS")]
    [InlineData("latseconds", "SCLIP_BROKER__LATESECONDS")]
    [InlineData("Url", "SCLIP_BROKER__URI")]
    [InlineData("DeliveryLimits", "SCLIP_BROKER__DELIVERYLIMIT")]
    public void A_key_that_is_mistyped_is_refused_with_the_one_that_was_meant(string typed, string meant)
    {
        var message = Refusal($"Broker:{typed}");
        Assert.StartsWith($"Broker:{typed} (SCLIP_BROKER__{typed.ToUpperInvariant()}) is not a setting", message, StringComparison.Ordinal);
        Assert.Contains($"did you mean Broker:{meant[14..]}", message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(meant, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_is_near_none_is_refused_with_those_that_there_are()
    {
        var message = Refusal("Broker:Colour");
        Assert.DoesNotContain("did you mean", message, StringComparison.Ordinal);
        Assert.Contains("LateRedeliveries", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_section_that_nothing_reads_is_refused_and_what_belongs_to_the_framework_is_not()
    {
        var error = Assert.Throws<ConfigurationException>(() => SclipOptions.CheckSections(Of("Brokers:Uri")));
        Assert.Contains("SCLIP_BROKERS__URI", error.Message, StringComparison.Ordinal);
        SclipOptions.CheckSections(Of("Logging:LogLevel:Default"));
        SclipOptions.CheckSections(Of("broker:uri"));
        SclipOptions.CheckSections(Of("urls"));
    }

    private static string Refusal(string key) => Assert.Throws<ConfigurationException>(() => SclipOptions.Read<BrokerOptions>(Of("Broker:Uri", key), BrokerOptions.Section)).Message;

    private static IConfiguration Of(params string[] keys) => new ConfigurationBuilder().AddInMemoryCollection(keys.Select(key => KeyValuePair.Create(key, (string?)"amqp://guest:guest@localhost/"))).Build();
}
