using System.Text;
using Sclip.Segmentation.TorchSharp.Libtorch;

namespace Sclip.Segmentation.Tests.Libtorch;

/// <summary>What is read of the C++ library of a machine.</summary>
public sealed class CppRuntimeTests
{
    [Fact]
    public void Its_version_is_the_highest_that_it_names()
    {
        Assert.Equal(30, CppRuntime.Newest(Encoding.ASCII.GetBytes("\0GLIBCXX_3.4\0GLIBCXX_3.4.9\0GLIBCXX_3.4.30\0GLIBCXX_3.4.2\0GLIBCXX_LDBL_3.4.99\0CXXABI_1.3.31")));
        Assert.Equal(32, CppRuntime.Newest(Encoding.ASCII.GetBytes("GLIBCXX_3.4.32")));
        Assert.Null(CppRuntime.Newest("libc++"u8));
    }

    [Fact]
    public void Its_file_is_the_one_that_the_process_has_loaded()
    {
        Assert.Equal("/opt/my libs/libstdc++.so.6.0.30", CppRuntime.File(
            ["55d0-55d1 r-xp 00000000 08:01 1 /usr/bin/dotnet", "7f00-7f01 rw-p 00000000 00:00 0", "7f02-7f03 r--p 00000000 08:01 2                          /opt/my libs/libstdc++.so.6.0.30"]));
        Assert.Null(CppRuntime.File(["7f00-7f01 rw-p 00000000 00:00 0"]));
    }

    [Fact]
    public void One_that_is_too_old_is_told_with_its_version_and_where_there_are_newer_ones()
    {
        Assert.Equal("TorchSharp needs libstdc++ of GCC 13 or later (3.4.32): Ubuntu 24.04, Debian 13, or a container of them; here is 3.4.30.", CppRuntime.TooOld("3.4.30"));
        // The two ways to look at this machine's, by its functions and by its names, agree.
        var file = CppRuntime.File(File.ReadLines("/proc/self/maps"));
        Assert.NotNull(file);
        Assert.Equal(CppRuntime.Newest(File.ReadAllBytes(file)) >= 32, CppRuntime.Problem() is null);
    }
}
