using System.Runtime.CompilerServices;

namespace Sclip.Workbench.Sessions;

/// <summary>How far the features of a session are.</summary>
/// <param name="Pictures">How many pictures there are.</param>
/// <param name="Ready">How many have their features.</param>
/// <param name="Failed">Those that have none, with the reason.</param>
public sealed record SessionProgress(int Pictures, int Ready, IReadOnlyList<(string Name, string Error)> Failed)
{
    /// <summary>Pictures that nothing more is done for.</summary>
    public int Done => Ready + Failed.Count;

    /// <summary>Follows a session until no picture is waiting any more.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static async IAsyncEnumerable<SessionProgress> FollowAsync(Session session, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var changed = session.NextChange();
            var now = Of(session);
            yield return now;
            if (now.Done == now.Pictures)
                yield break;
            await changed.WaitAsync(cancellationToken);
        }
    }

    private static SessionProgress Of(Session session) => new(
        session.Pictures.Count,
        session.Pictures.Count(picture => picture.State == SessionPictureState.Ready),
        [.. session.Pictures.Where(picture => picture.State == SessionPictureState.Failed).Select(picture => (picture.Name, picture.Error!))]);
}
