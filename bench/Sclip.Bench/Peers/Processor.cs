using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace Sclip.Bench.Peers;

/// <summary>What this machine's processor says of itself (CPUID).</summary>
internal static class Processor
{
    private const int Eax = 0, Ebx = 1, Ecx = 2, Edx = 3;

    private static readonly (string Name, int Subleaf, int Register, int Bit)[] Features =
    [
        ("AVX2", 0, Ebx, 5), ("AVX-512F", 0, Ebx, 16), ("AVX-512BW", 0, Ebx, 30), ("AVX-512VL", 0, Ebx, 31), ("AVX-512 BF16", 1, Eax, 5), ("AVX-512 FP16", 0, Edx, 23),
        ("AVX-512 VNNI", 0, Ecx, 11), ("AVX-VNNI", 1, Eax, 4), ("AMX tiles", 0, Edx, 24), ("AMX int8", 0, Edx, 25), ("AMX BF16", 0, Edx, 22),
    ];

    /// <summary>Its name, family and model, and which of the features there are that matrix products are written for.</summary>
    public static string Describe()
    {
        if (!X86Base.IsSupported)
            return $"{RuntimeInformation.ProcessArchitecture}";
        var has = Features.ToLookup(feature => (Register(7, feature.Subleaf, feature.Register) >> feature.Bit & 1) != 0, feature => feature.Name);
        var signature = Register(1, 0, Eax);
        var (family, model) = (signature >> 8 & 15, signature >> 4 & 15);
        // Of newer families the numbers are longer.
        if (family is 6 or 15)
            model += signature >> 12 & 0xF0;
        if (family == 15)
            family += signature >> 20 & 0xFF;
        return $"{Brand()}, family {family}, model {model}, {Environment.ProcessorCount} cores: has {List(has[true])}; has not {List(has[false])}";
    }

    private static string List(IEnumerable<string> names) => string.Join(", ", names.DefaultIfEmpty("none of them"));

    private static string Brand()
    {
        var text = new StringBuilder();
        for (var leaf = 0x80000002; leaf <= 0x80000004; leaf++)
        {
            var (a, b, c, d) = X86Base.CpuId((int)leaf, 0);
            text.Append(Encoding.ASCII.GetString(MemoryMarshal.AsBytes<int>([a, b, c, d])));
        }
        return text.ToString().Trim('\0', ' ');
    }

    private static int Register(int leaf, int subleaf, int register)
    {
        var (a, b, c, d) = X86Base.CpuId(leaf, subleaf);
        return register switch { Eax => a, Ebx => b, Ecx => c, _ => d };
    }
}
