namespace NhiGovernance.Sources.Connectors.GitHub.Http;

/// <summary>Reads GitHub's <c>Link</c> header (RFC 8288) and refuses a next page that is elsewhere.</summary>
internal static class LinkHeader
{
    /// <exception cref="GitHubRefusal">The next page is on another host, or the header cannot be read.</exception>
    public static (Uri? Next, int? LastPage) Read(IEnumerable<string> headers, Uri home)
    {
        Uri? next = null;
        int? last = null;
        foreach (var header in headers)
        {
            foreach (var (target, relation) in Parts(header))
            {
                if (relation == "next")
                {
                    next = OnHome(target, home);
                }
                else if (relation == "last")
                {
                    last = PageNumber(target);
                }
            }
        }

        return (next, last);
    }

    /// <summary>The <c>page</c> of a query; null for a cursor.</summary>
    public static int? PageNumber(string address)
    {
        var query = address.IndexOf('?', StringComparison.Ordinal);
        foreach (var pair in query < 0 ? [] : address[(query + 1)..].Split('&'))
        {
            if (pair.StartsWith("page=", StringComparison.Ordinal)
                && int.TryParse(pair.AsSpan(5), System.Globalization.CultureInfo.InvariantCulture, out var number))
            {
                return number;
            }
        }

        return null;
    }

    private static Uri OnHome(string target, Uri home)
    {
        if (!Uri.TryCreate(home, target, out var uri))
        {
            throw GitHubRefusal.Broken("GitHub's next page has an address that cannot be read.");
        }

        if (uri.Scheme != home.Scheme || uri.Port != home.Port || uri.UserInfo.Length > 0
            || !string.Equals(uri.IdnHost, home.IdnHost, StringComparison.OrdinalIgnoreCase))
        {
            throw GitHubRefusal.Broken(
                $"The list's next page is on another host ({Text.Clean(uri.IdnHost, 100)}) than {home.IdnHost}; it was not followed and nothing was sent there.");
        }

        return uri;
    }

    private static IEnumerable<(string Target, string Relation)> Parts(string header)
    {
        var at = 0;
        while (at < header.Length)
        {
            var open = header.IndexOf('<', at);
            if (open < 0)
            {
                yield break;
            }

            var close = header.IndexOf('>', open);
            if (close < 0)
            {
                throw GitHubRefusal.Broken("GitHub's Link header is cut off.");
            }

            var end = header.IndexOf('<', close);
            end = end < 0 ? header.Length : end;
            var parameters = header[(close + 1)..end];
            foreach (var parameter in parameters.Split(';', ','))
            {
                var pair = parameter.Trim();
                if (pair.StartsWith("rel=", StringComparison.OrdinalIgnoreCase))
                {
                    foreach (var relation in pair[4..].Trim('"').Split(' '))
                    {
                        yield return (header[(open + 1)..close], relation.ToLowerInvariant());
                    }
                }
            }

            at = end;
        }
    }
}
