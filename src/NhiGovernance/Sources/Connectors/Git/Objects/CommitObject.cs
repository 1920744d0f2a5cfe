namespace NhiGovernance.Sources.Connectors.Git.Objects;

/// <param name="Signatures">The armored texts of <c>gpgsig</c> and <c>gpgsig-sha256</c>; despite the name of any format.</param>
/// <param name="MergedTags">Signed tags that the commit merged and carries whole.</param>
internal sealed record CommitObject(
    PersonStamp? Author, PersonStamp? Committer, IReadOnlyList<string> Signatures, IReadOnlyList<TagObject> MergedTags, string Message)
{
    public static CommitObject Parse(ReadOnlySpan<byte> bytes)
    {
        var raw = RawObject.Parse(bytes);
        return new CommitObject(
            raw.First("author") is { } author ? PersonStamp.Parse(author) : null,
            raw.First("committer") is { } committer ? PersonStamp.Parse(committer) : null,
            [.. raw.All("gpgsig").Concat(raw.All("gpgsig-sha256"))],
            [.. raw.All("mergetag").Take(100).Select(t => TagObject.Parse(System.Text.Encoding.UTF8.GetBytes(t)))],
            raw.Message);
    }
}

/// <param name="Signatures">The armored block at the end of the message, and <c>gpgsig-sha256</c> where the tag has two formats.</param>
internal sealed record TagObject(string Name, PersonStamp? Tagger, IReadOnlyList<string> Signatures)
{
    private static readonly string[] Marks =
        ["-----BEGIN PGP SIGNATURE-----", "-----BEGIN PGP MESSAGE-----", "-----BEGIN SSH SIGNATURE-----", "-----BEGIN SIGNED MESSAGE-----"];

    public static TagObject Parse(ReadOnlySpan<byte> bytes)
    {
        var raw = RawObject.Parse(bytes);
        var signatures = raw.All("gpgsig").Concat(raw.All("gpgsig-sha256")).ToList();
        if (Trailer(raw.Message) is { } trailer)
        {
            signatures.Insert(0, trailer);
        }

        return new TagObject(
            PersonStamp.Clean(raw.First("tag") ?? ""), raw.First("tagger") is { } tagger ? PersonStamp.Parse(tagger) : null, signatures);
    }

    /// <summary>Git takes the last line that begins a signature, and everything after it.</summary>
    private static string? Trailer(string message)
    {
        var begin = -1;
        foreach (var mark in Marks)
        {
            var at = message.LastIndexOf(mark, StringComparison.Ordinal);
            if (at > begin && (at == 0 || message[at - 1] == '\n'))
            {
                begin = at;
            }
        }

        return begin < 0 ? null : message[begin..];
    }
}
