using System.Globalization;
using Sclip.Bench;
using Sclip.Bench.Peers;
using Sclip.Imaging;

// Benchmarks of the engine, and of what is around it; bench/README.md holds the figures and the commands.
const string Usage = """
    usage, from the repository's root: Sclip.Bench
        vision [threads] [batch] [rounds]
        peers [rounds] [threads,..] [batches,..] the same beside ONNX Runtime, and libtorch where there is one (7 1,2 1,6)
        peers first [rounds]                     the first picture from the start of the process (of what ./sclip built)
        methods [threads] [rounds]               a window by each dense method, beside sclip, as a Markdown table
        methods guide GUIDE [threads] [rounds]   the same by the methods that need a guide
        methods model MODEL [threads] [rounds]   the same by the own method of a GroupViT, SegCLIP, TCL or EVA02-CLIP
        profile                                  where the time of a forward pass goes, stage by stage
        text [threads]
        picture WIDTH HEIGHT FILE
        decode FOLDER [rounds]
        plan [FOLDER]                            shards into nothing, or into files
        gallery [images]                         first pages of a job's gallery by its index (1000000)
        fleet [jobs] [DISPATCHER]                a dispatcher over a store of many jobs (10000), beside another build's Sclip.Dispatcher.dll
        enqueue [messages] [rounds] [AMQP-URI]   to a RabbitMQ of its own, or to that one
        pipeline [images] [threads] [rounds]     all but the model
        growth [threads] [rounds]                what a picture costs by its pixels and by the names, as a Markdown table
        durable [FOLDER] [rounds]                blobs into files, with and without waiting for the disk
        export [masks] [threads] [FORMAT]        masks to every format, or to one
        accuracy [scenes]                        what bf16 on the CPU changes against fp32
        features [scenes]                        what keeping features as fp16 or int8 changes, and how large they are
        relabel [pictures]                       labels of kept features beside labels of pictures, as whole processes (of what ./sclip built)
        relabel jobs [pictures]                  the same as jobs on two workers with RabbitMQ and Azurite
        workbench [threads]                      masks of 12 pictures after a key, beside computing them anew; and judging them by ground truth
        doubt [scenes]                           which measure finds the pictures that are labelled badly
        outgoing [seconds]                       what label, a worker and a dispatcher ask others for (360 s; wants src/Sclip.Cli built)
    and where there is libtorch
        torch DEVICE [CHECKOUT] [threads]        the backend on libtorch: torch-cpu or cuda:N; CHECKOUT: the authors' code
        torch-soak DEVICE [pictures] [MODEL]     its memory over many pictures
    """;
var vocabulary = Path.Combine("models", "demo", "model");
if (args.Length == 0 || !Directory.Exists(vocabulary))
{
    Console.Error.WriteLine(Usage);
    return 1;
}

int Argument(int index, int absent) => args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : absent;
int[] Several(int index, string absent) => [.. (args.ElementAtOrDefault(index) ?? absent).Split(',').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
string Scratch(string name) => Path.Combine(Path.GetTempPath(), "sclip-bench", name);
string Model() => RandomModel.Create(Scratch("vit-b-16"), vocabulary);
switch (args[0])
{
    case "vision":
        VisionBench.Run(Model(), Argument(1, 2), Argument(2, 6), Argument(3, 9));
        return 0;
    case "peers" when args.ElementAtOrDefault(1) == "first":
        await FirstPictureBench.RunAsync(Scratch("first-picture"), Model(), vocabulary, Scratch("vit-b-16.onnx"), Argument(2, 5));
        return 0;
    case "peers":
        return PeersBench.Run(Model(), Scratch("vit-b-16.onnx"), Argument(1, 7), Several(2, "1,2"), Several(3, "1,6")) ? 0 : 1;
    case FirstPictureBench.OnnxCommand when args.Length == 4:
        FirstPictureBench.RunOnnx(args[1], args[2], Argument(3, 6));
        return 0;
    case "methods" when args.Length > 2 && args[1] == "guide":
        MethodsBench.Run(Model(), args[2], Argument(3, 2), Argument(4, 5));
        return 0;
    case "methods" when args.Length > 2 && args[1] == "model":
        MethodsBench.RunOwn(Model(), args[2], Argument(3, 2), Argument(4, 5));
        return 0;
    case "methods":
        MethodsBench.Run(Model(), guide: null, Argument(1, 2), Argument(2, 5));
        return 0;
    case "profile":
        ProfileBench.Run(Model());
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
    case "accuracy":
        AccuracyBench.Run(Argument(1, 200));
        return 0;
    case "features":
        FeaturesBench.Run(Model(), Argument(1, 200));
        return 0;
    case "workbench":
        await WorkbenchBench.RunAsync(Scratch("workbench"), Model(), Argument(1, Environment.ProcessorCount));
        return 0;
    case "relabel" when args.ElementAtOrDefault(1) == "jobs":
        await FeatureJobsBench.RunAsync(Scratch("relabel-jobs"), Model(), Argument(2, 200));
        return 0;
    case "relabel":
        await RelabelBench.RunAsync(Scratch("relabel"), Model(), Argument(1, 200));
        return 0;
    case "doubt":
        DoubtBench.Run(Argument(1, 200));
        return 0;
    case "decode" when args.Length > 1:
        DecodeBench.Run(args[1], Argument(2, 5));
        return 0;
    case "plan":
        await PlanBench.RunAsync(args.ElementAtOrDefault(1));
        return 0;
    case "gallery":
        await GalleryBench.RunAsync(Scratch("gallery"), Argument(1, 1_000_000));
        return 0;
    case "fleet":
        await FleetBench.RunAsync(Scratch("fleet"), Argument(1, 10_000), args.ElementAtOrDefault(2));
        return 0;
    case "enqueue":
        await EnqueueBench.RunAsync(args.ElementAtOrDefault(3), Argument(1, 20_000), Argument(2, 3));
        return 0;
    case "pipeline":
        await PipelineBench.RunAsync(Scratch("pipeline"), Argument(1, 1_500), Argument(2, 2), Argument(3, 3));
        return 0;
    case "growth":
        await GrowthBench.RunAsync(Path.Combine(Path.GetTempPath(), "sclip-bench", "growth"), Model(), Argument(1, 2), Argument(2, 2));
        return 0;
    case "durable":
        await DurableBench.RunAsync(args.ElementAtOrDefault(1) ?? Scratch("durable"), Argument(2, 3));
        return 0;
    case "export":
        await ExportBench.RunAsync(Scratch("export"), Argument(1, 2_000), Argument(2, 2), args.ElementAtOrDefault(3));
        return 0;
    case "outgoing":
        return await OutgoingBench.RunAsync(Scratch("outgoing"), Model(), TimeSpan.FromSeconds(Argument(1, 360))) ? 0 : 1;
    case "torch" when args.Length > 1:
        Sclip.Bench.Torch.TorchBench.Run(Model(), args[1], args.ElementAtOrDefault(2), Argument(3, 2));
        return 0;
    case "torch-soak" when args.Length > 1:
        Sclip.Bench.Torch.TorchSoak.Run(args.ElementAtOrDefault(3) ?? vocabulary, args[1], Argument(2, 10_000));
        return 0;
    default:
        Console.Error.WriteLine(Usage);
        return 1;
}
