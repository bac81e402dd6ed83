using System.Globalization;
using Sclip.Bench;

// Benchmarks of the engine; bench/README.md holds the figures and the commands.
var folder = Path.Combine(Path.GetTempPath(), "sclip-bench");
var arguments = args.Length > 0 ? args : ["vision"];
int Argument(int index, int absent) => arguments.Length > index ? int.Parse(arguments[index], CultureInfo.InvariantCulture) : absent;
switch (arguments[0])
{
    case "vision":
        VisionBench.Run(RandomModel.Create(Path.Combine(folder, "vit-b-16"), arguments.Length > 4 ? arguments[4] : Path.Combine("models", "demo", "model")), Argument(1, 2), Argument(2, 6), Argument(3, 9));
        return 0;
    default:
        Console.Error.WriteLine("usage: Sclip.Bench vision [threads] [batch] [rounds]");
        return 1;
}
