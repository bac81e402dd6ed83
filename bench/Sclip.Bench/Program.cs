using System.Globalization;
using Sclip.Bench;
using Sclip.Imaging;

// Benchmarks of the engine; bench/README.md holds the figures and the commands.
const string Usage = "usage, from the repository's root: Sclip.Bench vision [threads] [batch] [rounds] | text [threads] | picture WIDTH HEIGHT FILE";
var vocabulary = Path.Combine("models", "demo", "model");
if (args.Length == 0 || !Directory.Exists(vocabulary))
{
    Console.Error.WriteLine(Usage);
    return 1;
}

int Argument(int index, int absent) => args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : absent;
string Model() => RandomModel.Create(Path.Combine(Path.GetTempPath(), "sclip-bench", "vit-b-16"), vocabulary);
switch (args[0])
{
    case "vision":
        VisionBench.Run(Model(), Argument(1, 2), Argument(2, 6), Argument(3, 9));
        return 0;
    case "text":
        TextBench.Run(Model(), Argument(1, 2));
        return 0;
    case "picture" when args.Length == 4:
        var (width, height) = (Argument(1, 0), Argument(2, 0));
        var pixels = new byte[3 * width * height];
        new Random(1).NextBytes(pixels);
        File.WriteAllBytes(args[3], JpegEncoder.Encode(new RgbImage(width, height, pixels)));
        return 0;
    default:
        Console.Error.WriteLine(Usage);
        return 1;
}
