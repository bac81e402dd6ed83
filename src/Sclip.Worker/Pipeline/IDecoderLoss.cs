namespace Sclip.Worker.Pipeline;

/// <summary>Told where the decoder of a picture does not come back: its thread cannot be ended, and the process is to end.</summary>
public interface IDecoderLoss
{
    /// <summary>A thread is lost.</summary>
    /// <param name="image">The picture that it is at.</param>
    /// <param name="time">The time that the picture had.</param>
    void Lose(string image, TimeSpan time);
}
