using System.Globalization;
using Sclip.Bench;

// Benchmarks of the engine; bench/README.md holds the figures and the commands.
var vocabulary = Path.Combine("models", "demo", "model");
if (args.Length == 0 || args[0] is not ("vision" or "text") || !Directory.Exists(vocabulary))
{
    Console.Error.WriteLine("usage, from the repository's root: Sclip.Bench vision [threads] [batch] [rounds] | text [threads]");
    return 1;
}

var model = RandomModel.Create(Path.Combine(Path.GetTempPath(), "sclip-bench", "vit-b-16"), vocabulary);
int Argument(int index, int absent) => args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : absent;
if (args[0] == "vision")
    VisionBench.Run(model, Argument(1, 2), Argument(2, 6), Argument(3, 9));
else
    TextBench.Run(model, Argument(1, 2));
return 0;
