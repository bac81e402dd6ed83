using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Sclip.Hosting.Configuration;
using Sclip.Storage;
using Sclip.Storage.Jobs;

namespace Sclip.Hosting.Stores;

/// <summary>The blob account and the jobs in it.</summary>
public static class StoreServices
{
    /// <summary>Registers <see cref="IBlobAccount"/> and <see cref="JobStores"/> by the configuration's section <c>Store</c>.</summary>
    public static IServiceCollection AddSclipStore(this IServiceCollection services, IConfiguration configuration)
    {
        var options = services.AddSclipOptions<StoreOptions>(configuration, StoreOptions.Section);
        var account = Open(options);
        return services.AddSingleton(account).AddSingleton(JobStores.Of(account, options.Container)).AddSingleton(services => services.GetRequiredService<JobStores>().Jobs)
            .AddSingleton<JobCompletion>();
    }

    /// <summary>Opens the account that the environment names.</summary>
    public static IBlobAccount Open() => Open(SclipOptions.Read<StoreOptions>(new ConfigurationBuilder().AddSclipEnvironment().Build(), StoreOptions.Section));

    /// <summary>Opens an account.</summary>
    /// <exception cref="ConfigurationException">A setting cannot be used.</exception>
    public static IBlobAccount Open(StoreOptions options)
    {
        if (options.Folder is { Length: > 0 } folder)
            return File.Exists(folder)
                ? throw new ConfigurationException($"{SclipOptions.Shown(StoreOptions.Section, nameof(StoreOptions.Folder))} is {folder}, which is a file: name a folder, which need not be there yet.")
                : new FileBlobAccount(folder, options.Durable);
        try
        {
            return options.Account is { } account ? new AzureBlobAccount(account) : new AzureBlobAccount(options.Connection!);
        }
        catch (BlobStoreException error)
        {
            var key = options.Account is null ? nameof(options.Connection) : nameof(options.Account);
            throw new ConfigurationException($"{SclipOptions.Shown(StoreOptions.Section, key)} cannot be used: {error.Message}", error);
        }
    }
}
