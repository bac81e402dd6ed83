using Sclip.Segmentation.TorchSharp.Libtorch;

namespace Sclip.Segmentation.Tests.Libtorch;

/// <summary>Where libtorch is looked for, and what is said of what is found, on folders with empty files.</summary>
public sealed class LibtorchSearchTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("sclip-libtorch");
    private readonly Dictionary<string, string> _environment = [];

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void Without_any_it_says_what_to_do()
    {
        Assert.Equal("libtorch 2.10 is not found: install PyTorch 2.10, name the folder of libtorch_cpu.so in SCLIP_LIBTORCH, or build with -p:Libtorch=cpu.", Problem(cuda: false));
        Assert.Equal("libtorch 2.10 with CUDA is not found: install PyTorch 2.10, name the folder of libtorch_cpu.so in SCLIP_LIBTORCH, or build with -p:Libtorch=cuda (image sclip/worker-cuda).", Problem(cuda: true));
    }

    [Fact]
    public void What_the_user_names_is_taken_before_what_is_beside_the_program()
    {
        Put("program", "libtorch_cpu.so");
        Told("named");
        Put("named", "libtorch_cpu.so");
        Assert.Equal(At("named"), Found(cuda: false).Path);
    }

    [Theory]
    [InlineData("lib/libtorch_cpu.so", "build-version", "2.10.0+cu128\n")]
    [InlineData("lib/libtorch_cpu.so", "version.py", "from typing import Optional\n__version__ = '2.10.0+cpu'\ndebug = False\n")]
    [InlineData("lib/libtorch_cpu.so", "version.py", "__version__: str = \"2.10.1\"\n")]
    public void The_folder_above_the_libraries_may_be_named_and_tells_their_version(string library, string versionFile, string version)
    {
        Told("torch");
        Put("torch", library);
        Put("torch", versionFile, version);
        var found = Found(cuda: false);
        Assert.Equal(At("torch/lib"), found.Path);
        Assert.StartsWith("2.10.", found.Version, StringComparison.Ordinal);
        Assert.DoesNotContain('+', found.Version!);
    }

    [Fact]
    public void A_folder_that_is_named_and_cannot_be_taken_is_an_error_even_where_another_could()
    {
        Put("program", "libtorch_cpu.so", "libtorch_cuda.so");
        Told("named");
        Assert.Equal($"SCLIP_LIBTORCH is {At("named")}, which is no folder; name the folder that holds libtorch_cpu.so, of libtorch 2.10.", Problem(cuda: false));
        Put("named", "libtorch.so");
        Assert.Equal($"SCLIP_LIBTORCH is {At("named")}, where no libtorch_cpu.so is; name the folder that holds libtorch_cpu.so, of libtorch 2.10.", Problem(cuda: false));
        Put("named/lib", "libtorch_cpu.so");
        Assert.Equal($"SCLIP_LIBTORCH: libtorch of unknown version in {At("named/lib")} has no CUDA (no libtorch_cuda.so); name a folder that has.", Problem(cuda: true));
        Put("named", "build-version", "2.6.0+cpu");
        Assert.Equal($"SCLIP_LIBTORCH: libtorch 2.6.0 in {At("named/lib")}, needs 2.10; name a folder of that version.", Problem(cuda: false));
    }

    [Theory]
    [InlineData("2.1.0", false)]
    [InlineData("2.10.0", true)]
    [InlineData("2.10.3", true)]
    [InlineData("2.100.0", false)]
    [InlineData("2.11.0", false)]
    public void Only_the_version_that_TorchSharp_is_built_on_fits(string version, bool fits)
    {
        Torch("usr/local/lib/python3.12/dist-packages", version);
        Assert.Equal(fits, Search.TryFind(false, out _, out _));
    }

    [Theory]
    [InlineData("usr/lib/python3/dist-packages", "")]
    [InlineData("usr/local/lib/python3.12/dist-packages", "")]
    [InlineData("usr/local/lib/python3.12/site-packages", "")]
    [InlineData("opt/conda/lib/python3.11/site-packages", "")]
    [InlineData("venv/lib/python3.13/site-packages", "VIRTUAL_ENV=venv")]
    [InlineData("env/lib/python3.10/site-packages", "CONDA_PREFIX=env")]
    [InlineData("me/.local/lib/python3.12/site-packages", "HOME=me")]
    public void PyTorch_is_found_where_Pythons_keep_packages(string packages, string variable)
    {
        Torch(packages, "2.10.0");
        if (variable.Split('=') is [var name, var folder])
            _environment[name] = At(folder);
        Assert.Equal(At($"{packages}/torch/lib"), Found(cuda: false).Path);
    }

    [Fact]
    public void Of_several_the_first_that_fits_is_taken_and_else_each_is_told()
    {
        Torch("usr/lib/python3/dist-packages", "2.6.0");
        Torch("usr/local/lib/python3.9/dist-packages", "2.10.0");
        Torch("usr/local/lib/python3.12/dist-packages", "2.10.1");
        Assert.Equal("2.10.1", Found(cuda: false).Version);
        Assert.StartsWith(
            $"libtorch 2.10 with CUDA is not found (libtorch 2.10.1 in {At("usr/local/lib/python3.12/dist-packages/torch/lib")} has no CUDA; libtorch 2.10.0 in {At("usr/local/lib/python3.9/dist-packages/torch/lib")} has no CUDA; "
            + $"libtorch 2.6.0 in {At("usr/lib/python3/dist-packages/torch/lib")}, needs 2.10): install PyTorch 2.10",
            Problem(cuda: true), StringComparison.Ordinal);
        Put("usr/local/lib/python3.9/dist-packages/torch/lib", "libtorch_cuda.so");
        Assert.Equal("2.10.0", Found(cuda: true).Version);
    }

    [Fact]
    public void A_version_stands_in_the_path_of_a_package_or_in_the_name_of_a_library()
    {
        Put("packages/libtorch-cpu-linux-x64/2.7.1/runtimes/linux-x64/native", "libtorch_cpu.so");
        Told("packages/libtorch-cpu-linux-x64/2.7.1/runtimes/linux-x64/native");
        Assert.Contains("libtorch 2.7.1 in ", Problem(cuda: false), StringComparison.Ordinal);
        Put("usr/lib/x86_64-linux-gnu", "libtorch_cpu.so.2.6");
        File.CreateSymbolicLink(At("usr/lib/x86_64-linux-gnu/libtorch_cpu.so"), "libtorch_cpu.so.2.6");
        Told("usr/lib/x86_64-linux-gnu");
        Assert.Contains("libtorch 2.6 in ", Problem(cuda: false), StringComparison.Ordinal);
    }

    private LibtorchSearch Search => new(name => _environment.GetValueOrDefault(name), [At("program")], _root.FullName);

    private string At(string path) => Path.Combine(_root.FullName, path);

    private void Told(string folder) => _environment["SCLIP_LIBTORCH"] = At(folder);

    private void Torch(string packages, string version)
    {
        Put($"{packages}/torch/lib", "libtorch_cpu.so");
        Put($"{packages}/torch", "version.py", $"__version__ = '{version}'\n");
    }

    private void Put(string folder, string file, string content = "")
    {
        var path = At(Path.Combine(folder, file));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }

    private LibtorchFolder Found(bool cuda)
    {
        Assert.True(Search.TryFind(cuda, out var folder, out var problem), problem);
        return folder;
    }

    private string Problem(bool cuda)
    {
        Assert.False(Search.TryFind(cuda, out _, out var problem));
        Assert.DoesNotContain('\n', problem);
        return problem;
    }
}
