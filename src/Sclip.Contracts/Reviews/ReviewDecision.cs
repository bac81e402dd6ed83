using System.Text.Json.Serialization;

namespace Sclip.Contracts.Reviews;

/// <summary>What a reviewer thinks of an image's labels.</summary>
public enum ReviewDecision
{
    /// <summary>Nothing, or nothing any more: the image is open.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>They are good.</summary>
    [JsonStringEnumMemberName("accepted")]
    Accepted,

    /// <summary>They are not to be used.</summary>
    [JsonStringEnumMemberName("rejected")]
    Rejected,

    /// <summary>Somebody else shall look at them.</summary>
    [JsonStringEnumMemberName("flagged")]
    Flagged,
}
