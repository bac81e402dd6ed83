using Microsoft.Extensions.Configuration;
using Sclip.Hosting.Configuration;

namespace Sclip.Hosting.Tests.Configuration;

/// <summary>Values that are not of a setting's kind are told by the setting and the kind, and never shown: one may be a password.</summary>
public class WrongValueTests
{
    [Theory]
    [InlineData("Count", "2,5", "Part:Count (SCLIP_PART__COUNT) must be a whole number without commas or points.")]
    [InlineData("Bytes", "1e6", "Part:Bytes (SCLIP_PART__BYTES) must be a whole number without commas or points.")]
    [InlineData("Seconds", "0,5", "Part:Seconds (SCLIP_PART__SECONDS) must be a number such as 0.5, with a point and no comma.")]
    [InlineData("IsOn", "perhaps", "Part:IsOn (SCLIP_PART__ISON) must be true or false.")]
    public void The_setting_and_its_kind_are_told(string key, string value, string expected) =>
        Assert.Equal(expected, Assert.Throws<ConfigurationException>(() => SclipOptions.Read<Part>(Of($"Part:{key}", value), "Part")).Message);

    [Theory]
    [InlineData("foo")]
    [InlineData("http://127.0.0.1:99999")]
    [InlineData("ftp://127.0.0.1:21")]
    [InlineData("http://*:8080;127.0.0.1")]
    public void An_address_where_no_server_can_listen_is_told(string urls) =>
        Assert.StartsWith($"urls (SCLIP_URLS) has '{urls.Split(';')[^1]}', where no server can listen", Assert.Throws<ConfigurationException>(() => ListenAddresses.Check(Of("urls", urls))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("urls", "http://*:8080;https://127.0.0.1:8443")]
    [InlineData("https_ports", "8443")]
    public void An_address_of_tls_is_told_who_speaks_it(string key, string value) =>
        Assert.EndsWith("let a gateway or an ingress before it speak TLS.", Assert.Throws<ConfigurationException>(() => ListenAddresses.Check(Of(key, value))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("http://*:8080")]
    [InlineData("http://+:0;http://[::1]:8443")]
    [InlineData("http://localhost")]
    [InlineData("http://unix:/run/sclip.sock")]
    public void Others_pass(string urls) => ListenAddresses.Check(Of("urls", urls));

    private static IConfiguration Of(string key, string value) => new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build();

    private sealed record Part : IValidatableOptions
    {
        public int? Count { get; init; }

        public long Bytes { get; init; }

        public double Seconds { get; init; }

        public bool IsOn { get; init; }

        public IEnumerable<(string Key, string Problem)> Problems() => [];
    }
}
