using System.CommandLine;
using Sclip.Imaging;
using Sclip.Worker;

namespace Sclip.Cli.Labelling;

/// <summary>The options that say what a picture may be at most, the same for <c>label</c> and <c>relabel</c>.</summary>
internal sealed class LimitOptions
{
    private readonly Option<long> _pixels = new("--max-pixels") { Description = "Refuse pictures of more pixels.", DefaultValueFactory = _ => ImageLimits.Default.MaxPixels };

    private readonly Option<long> _fileSize = new("--max-file-size") { Description = "Refuse files of more bytes.", DefaultValueFactory = _ => ImageLimits.Default.MaxFileBytes };

    private readonly Option<int> _seconds = new("--picture-seconds")
    {
        Description = "Give up pictures that are not decoded within so many seconds.",
        DefaultValueFactory = _ => new WorkerOptions().PictureSeconds,
    };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_pixels, _fileSize, _seconds])
            command.Add(option);
    }

    public ImageLimits Read(ParseResult parsed) => new() { MaxPixels = parsed.GetValue(_pixels), MaxFileBytes = parsed.GetValue(_fileSize) };

    public int ReadSeconds(ParseResult parsed) => (int)SettingsOptions.AtLeast("--picture-seconds", parsed.GetValue(_seconds), 1)!;
}
