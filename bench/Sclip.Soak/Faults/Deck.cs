namespace Sclip.Soak.Faults;

/// <summary>All faults of a round, shuffled: each kind comes as often as it has cards, whatever the seed.</summary>
internal sealed class Deck
{
    private readonly LinkedList<Card> _cards;

    public Deck(IReadOnlyList<IFault> kinds, SoakOptions options, Random random)
    {
        var faults = kinds.SelectMany(kind => Enumerable.Repeat(kind, kind.Cards)).ToArray();
        random.Shuffle(faults);
        _cards = new(faults.Select((fault, i) => new Card(
            fault, i > 0 && i % options.FaultsBetweenLulls == 0 ? options.Lull : random.Seconds(options.LeastPause, options.MostPause), random.Next())));
    }

    public bool IsEmpty => _cards.Count == 0;

    public Card Deal()
    {
        var card = _cards.First!.Value;
        _cards.RemoveFirst();
        return card;
    }

    /// <summary>Puts a card that cannot be played now among the next ones.</summary>
    public void PutBack(Card card)
    {
        var place = _cards.First;
        for (var i = 0; i < 5 && place is not null; i++)
            place = place.Next;
        if (place is null)
            _cards.AddLast(card);
        else
            _cards.AddBefore(place, card);
    }
}

/// <summary>A fault to come.</summary>
/// <param name="Fault">Its kind.</param>
/// <param name="Pause">How long after the one before.</param>
/// <param name="Seed">Seed of what is left to chance in it.</param>
internal sealed record Card(IFault Fault, TimeSpan Pause, int Seed);
