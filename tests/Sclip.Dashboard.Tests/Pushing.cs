using Microsoft.Playwright;

namespace Sclip.Dashboard.Tests;

/// <summary>Buttons below what comes late.</summary>
internal static class Pushing
{
    /// <summary>
    /// Pushes a button by its key: places and an estimate come into the form a moment after what was typed, and may move all below them away from under
    /// a mouse between its press and its release, which is no click then.
    /// </summary>
    public static Task PushAsync(this ILocator button) => button.PressAsync("Enter");
}
