namespace Sclip.Hosting.Configuration;

/// <summary>Options that know their ranges.</summary>
public interface IValidatableOptions
{
    /// <summary>What is wrong: the key within the section, and the rest of a sentence about it.</summary>
    IEnumerable<(string Key, string Problem)> Problems();
}
