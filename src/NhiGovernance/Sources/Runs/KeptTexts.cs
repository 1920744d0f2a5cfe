using System.Security.Cryptography;
using System.Text;
using NhiGovernance.Sources.Connectors;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Runs;

/// <summary>
/// The one door through which everything goes that a connector saw, whatever it took care of itself: people write tokens into
/// titles, names and notes, and nothing that looks like a secret, or is the source's own credential, is kept. Pure.
/// </summary>
/// <param name="own">Takes the source's own credentials out of a text; returns the same text when there is none.</param>
internal sealed class KeptTexts(Func<string, string> own)
{
    public ScopePage Of(ScopePage page)
    {
        Observation[]? kept = null;
        for (var index = 0; index < page.Observations.Count; index++)
        {
            var (seen, clean) = (page.Observations[index], Of(page.Observations[index]));
            if (!ReferenceEquals(seen, clean))
            {
                kept ??= [.. page.Observations];
                kept[index] = clean;
            }
        }

        return kept is null ? page : page with { Observations = kept };
    }

    private Observation Of(Observation seen)
    {
        var look = new Look(own);
        Observation clean = seen switch
        {
            IdentityObservation i => i with
            {
                NaturalKey = look.Key(i.NaturalKey), Name = look.Text(i.Name), Place = look.Place(i.Place), Url = look.Link(i.Url),
                CreatedAt = look.Value(i.CreatedAt), LastUsedAt = look.Value(i.LastUsedAt), ExpiresAt = look.Value(i.ExpiresAt),
                JoinKeys = look.Keys(i.JoinKeys), Grants = look.Grants(i.Grants), Facts = look.Facts(i.Facts),
            },
            CredentialObservation c => c with
            {
                NaturalKey = look.Key(c.NaturalKey), IdentityKey = look.Key(c.IdentityKey), Name = look.Text(c.Name), KeyIds = look.Keys(c.KeyIds),
                CreatedAt = look.Value(c.CreatedAt), LastUsedAt = look.Value(c.LastUsedAt), ExpiresAt = look.Value(c.ExpiresAt), Facts = look.Facts(c.Facts),
            },
            ResourceObservation r => r with
            {
                NaturalKey = look.Key(r.NaturalKey), Name = look.Text(r.Name), Place = look.Place(r.Place), Url = look.Link(r.Url), Facts = look.Facts(r.Facts),
            },
            PersonObservation p => p with
            {
                NaturalKey = look.Key(p.NaturalKey), Login = look.Text(p.Login), DisplayName = look.Value(p.DisplayName), Email = look.Value(p.Email), Facts = look.Facts(p.Facts),
            },
            _ => throw new InvalidOperationException($"Nobody says which texts of a {seen.GetType().Name} are kept."),
        };
        return look.Found ? clean : seen;
    }

    /// <summary>One observation's texts; notes whether any of them had to be changed.</summary>
    private sealed class Look(Func<string, string> own)
    {
        public bool Found { get; private set; }

        public string Text(string text)
        {
            var clean = own(text);
            clean = !SecretShapes.Is(clean) ? clean : clean is ['[' or '{', ..] ? SecretShapes.MaskInJson(clean) : SecretShapes.Stand;
            Found |= !ReferenceEquals(clean, text);
            return clean;
        }

        /// <summary>Two keys never become one, and the same key is the same from run to run.</summary>
        public string Key(string key) => Text(key) is var clean && ReferenceEquals(clean, key)
            ? key
            : $"{clean}~{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..16]}";

        public IReadOnlyList<string> Keys(IReadOnlyList<string> keys) => keys.Any(k => !ReferenceEquals(Key(k), k)) ? [.. keys.Select(Key)] : keys;

        public PlaceReference Place(PlaceReference place) => Text(place.Path) is var path && ReferenceEquals(path, place.Path) ? place : place with { Path = path };

        // Part of an address that is taken out leaves one that leads elsewhere.
        public string? Link(string? url) => url is null || ReferenceEquals(Text(url), url) ? url : null;

        public KnownValue Value(KnownValue value)
        {
            if (value.Text is not { } text || Text(text) is var clean && ReferenceEquals(clean, text))
            {
                return value;
            }

            return clean is ['[' or '{', ..] ? value with { Text = clean } : KnownValue.Redacted;
        }

        public IReadOnlyDictionary<string, KnownValue> Facts(IReadOnlyDictionary<string, KnownValue> facts)
        {
            Dictionary<string, KnownValue>? kept = null;
            foreach (var (name, value) in facts)
            {
                var (key, clean) = (Text(name), Value(value));
                if (!ReferenceEquals(key, name) || !ReferenceEquals(clean, value))
                {
                    kept ??= new(facts);
                    kept.Remove(name);
                    kept[key] = clean;
                }
            }

            return kept ?? facts;
        }

        public IReadOnlyList<GrantObservation> Grants(IReadOnlyList<GrantObservation> grants) =>
            grants.Any(g => !ReferenceEquals(Text(g.Permission), g.Permission) || !ReferenceEquals(Text(g.Resource), g.Resource))
                ? [.. grants.Select(g => g with { Permission = Text(g.Permission), Resource = Text(g.Resource) })]
                : grants;
    }
}
