using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Sclip.Contracts;

/// <summary>Digests of names, where millions are held and a name itself would be too much. They hold on one machine alone.</summary>
public static class NameDigest
{
    /// <summary>The digest; that of another name is another, as far as chance goes.</summary>
    public static UInt128 Of(string name)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(name.AsSpan()), digest);
        return BinaryPrimitives.ReadUInt128LittleEndian(digest);
    }
}
