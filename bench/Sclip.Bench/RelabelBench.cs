using System.Globalization;
using Sclip.Bench.Doubles;

namespace Sclip.Bench;

/// <summary>
/// <c>sclip label --keep-features</c> of photographs, then <c>sclip relabel</c> of what it kept, by other names, as whole processes on the CPU; class names are embedded before.
/// </summary>
internal static class RelabelBench
{
    private const int Width = 500, Height = 375, Rounds = 3;
    private const string Names = "background, aeroplane, bicycle, bird, boat, bottle, bus, car, cat, chair, cow, table, dog, horse, motorbike, person, plant, sheep, sofa, train";
    private const string OtherNames = "background, airplane, bike, bird, ship, bottle, coach, automobile, kitten, seat, bull, desk, puppy, pony, scooter, man, flower, lamb, couch, locomotive";

    public static async Task RunAsync(string scratch, string model, int pictures)
    {
        ReadyProgram.Require();
        if (Directory.Exists(scratch))
            Directory.Delete(scratch, recursive: true);
        var (input, one, kept, other, cache) = (In("pictures"), In("one"), In("kept"), In("other"), In("cache"));
        Directory.CreateDirectory(input);
        Directory.CreateDirectory(one);
        for (var i = 0; i < pictures; i++)
            File.WriteAllBytes(Path.Combine(input, $"{i:0000}.jpg"), Photograph.Jpeg(Width, Height, i));
        File.Copy(Path.Combine(input, "0000.jpg"), Path.Combine(one, "0000.jpg"));
        foreach (var names in (string[])[Names, OtherNames])
        {
            await ReadyProgram.TimeAsync([ReadyProgram.Path, "label", one, "--model", model, "--labels", names, "--out", other], cache);
            Directory.Delete(other, recursive: true);
        }
        var (labelled, _) = await ReadyProgram.TimeAsync([ReadyProgram.Path, "label", input, "--model", model, "--labels", Names, "--keep-features", "fp16", "--out", kept], cache);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{pictures} pictures of {Width} x {Height}: label --keep-features fp16 took {labelled:0.0} s, {labelled / pictures:0.000} s a picture"));
        var relabelled = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            relabelled.Add((await ReadyProgram.TimeAsync([ReadyProgram.Path, "relabel", kept, "--model", model, "--labels", OtherNames, "--out", other], cache)).Seconds);
            Directory.Delete(other, recursive: true);
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"relabel took {Medians.Of(relabelled):0.00} s ({relabelled.Min():0.00}), {Medians.Of(relabelled) / pictures:0.0000} s a picture: {labelled / Medians.Of(relabelled):0.0} times as fast ({labelled / relabelled.Min():0.0})"));

        string In(string name) => Path.Combine(scratch, name);
    }
}
