namespace Sclip.Segmentation.Text;

/// <summary>
/// The tree of all prefixes of token sequences: a node is a token together with all before it. Nodes are numbered in the order in which
/// they first occur, so that a node comes behind its parent.
/// </summary>
internal sealed class PrefixTree
{
    private readonly List<int> _tokens = [];
    private readonly List<int[]> _paths = [];
    private readonly int[] _endOfPrompt;

    private PrefixTree(IReadOnlyList<int[]> prompts)
    {
        var children = new Dictionary<(int Parent, int Token), int>();
        var ends = new int[prompts.Count];
        for (var prompt = 0; prompt < prompts.Count; prompt++)
        {
            var node = -1;
            foreach (var token in prompts[prompt])
            {
                if (!children.TryGetValue((node, token), out var child))
                {
                    child = _tokens.Count;
                    children.Add((node, token), child);
                    _tokens.Add(token);
                    _paths.Add(node < 0 ? [child] : [.. _paths[node], child]);
                }
                node = child;
            }
            ends[prompt] = node;
        }
        Tokens = [.. _tokens];
        All = [.. Enumerable.Range(0, Count)];
        Ends = [.. ends.Distinct().Order()];
        _endOfPrompt = [.. ends.Select(end => Array.BinarySearch(Ends, end))];
    }

    /// <summary>Number of nodes.</summary>
    public int Count => _tokens.Count;

    /// <summary>The token of each node.</summary>
    public int[] Tokens { get; }

    /// <summary>All nodes.</summary>
    public int[] All { get; }

    /// <summary>The nodes at which prompts end, ascending.</summary>
    public int[] Ends { get; }

    public static PrefixTree Of(IReadOnlyList<int[]> prompts) => new(prompts);

    /// <summary>The node's position in its prompts.</summary>
    public int Depth(int node) => _paths[node].Length - 1;

    /// <summary>The nodes from the first token to this one.</summary>
    public ReadOnlySpan<int> Path(int node) => _paths[node];

    /// <summary>Where in <see cref="Ends"/> a prompt's last node stands.</summary>
    public int EndOf(int prompt) => _endOfPrompt[prompt];
}
