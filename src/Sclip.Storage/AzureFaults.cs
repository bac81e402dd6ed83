using System.Xml;
using Azure;
using Azure.Identity;
using Azure.Storage.Blobs.Models;
using Sclip.Contracts.Jobs;

namespace Sclip.Storage;

/// <summary>What the failures of the Azure client are to a user: which blob, what happened, what to do; one line each.</summary>
/// <param name="account">The address of the account.</param>
/// <param name="container">The name of the container.</param>
internal sealed class AzureFaults(Uri account, string container)
{
    /// <summary>The message for a blob, or for the whole container where none is named.</summary>
    /// <param name="error">What the client threw.</param>
    /// <param name="done">What was tried: "read", "written".</param>
    /// <param name="name">The blob.</param>
    public BlobStoreException Translate(Exception error, string done, string? name)
    {
        // What is thrown after several attempts holds the failure of each; the last one is the present state.
        var last = error is AggregateException { InnerExceptions: [.., var inner] } ? inner : error;
        var where = Where(name);
        return last switch
        {
            RequestFailedException { ErrorCode: "ContainerNotFound" } => new(BlobStoreFault.Missing, $"The container '{container}' at {Address} does not exist.", error),
            // Without a code the answer is not the service's, but some proxy's: then nothing is known of the blob.
            RequestFailedException { Status: 404, ErrorCode: { Length: > 0 } } => new(BlobStoreFault.Missing, $"{where} does not exist.", error),
            RequestFailedException { Status: 401 or 403 } refused =>
                new(BlobStoreFault.Denied, $"{where} cannot be {done}: the service refuses access ({Answer(refused)}). Check the key, or the roles of this identity.", error),
            RequestFailedException { Status: 400, ErrorCode: "InvalidResourceName" or "InvalidUri" or "OutOfRangeInput" } refused =>
                new(BlobStoreFault.InvalidName, $"{where} cannot be {done}: the service does not take its name ({Answer(refused)}). Rename it.", error),
            RequestFailedException { Status: > 0 } failed => new(BlobStoreFault.Unavailable, $"{where} cannot be {done}: the service answered {Answer(failed)}. Try again later.", error),
            AuthenticationFailedException => new(BlobStoreFault.Denied, $"{where} cannot be {done}: there is no valid identity ({FirstLine(last)}). Log in, or give a connection string.", error),
            OperationCanceledException => new(BlobStoreFault.Unavailable, $"{where} cannot be {done}: the service does not answer. Check its address, or try again later.", error),
            _ => new(BlobStoreFault.Unavailable, $"{where} cannot be {done}: {FirstLine(last)}. Check the address of the service, or try again later.", error),
        };
    }

    /// <summary>How a blob, or the container, is called in messages.</summary>
    public string Where(string? name) => name is null ? $"The container '{container}' at {Address}" : $"The blob '{JobNames.Shown(name)}' in the container '{container}' at {Address}";

    /// <summary>Whether the service says that the condition of a write did not hold. Blocks that are gone were taken away by another write of the same blob.</summary>
    public static bool IsConditionNotMet(RequestFailedException error) =>
        error.ErrorCode == BlobErrorCode.BlobAlreadyExists || error.ErrorCode == BlobErrorCode.ConditionNotMet
        || error.ErrorCode == BlobErrorCode.BlobNotFound || error.ErrorCode == BlobErrorCode.InvalidBlockList;

    /// <summary>Whether an exception is one that the client throws where a call fails.</summary>
    public static bool IsClientFailure(Exception error) => error is RequestFailedException or AggregateException or OperationCanceledException or IOException or XmlException or AuthenticationFailedException;

    // Without a query, which may hold a signature.
    private string Address => account.GetLeftPart(UriPartial.Path).TrimEnd('/');

    private static string Answer(RequestFailedException error) => error.ErrorCode is { Length: > 0 } code ? $"{error.Status} {code}" : $"{error.Status}";

    private static string FirstLine(Exception error) => error.Message.AsSpan().Trim() is var message && message.IndexOfAny('\r', '\n') is >= 0 and var end
        ? message[..end].TrimEnd('.').ToString()
        : error.Message.Trim().TrimEnd('.');
}
