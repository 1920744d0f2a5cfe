namespace NhiGovernance.Catalogue.Mapping;

/// <summary>A mapping rule as a person writes it.</summary>
/// <param name="Kind">One of <see cref="PlaceKinds.All"/>.</param>
/// <param name="Pattern">See <see cref="PathGlob"/>.</param>
public sealed record RuleInput(string Kind, string Pattern);

/// <summary>A service as mapping sees it.</summary>
public sealed record MappedService(Guid Id, string Key, string Name, Guid? TeamId);

/// <summary>Where a place belongs.</summary>
public sealed record PlaceBelonging(Guid? ServiceId, Guid? TeamId, IReadOnlySet<Guid> Environments);

/// <summary>
/// All mapping rules at one moment, as a pure function from a place to where it belongs: to the first service in key order
/// with a matching rule, and to every environment with one.
/// </summary>
public sealed class PlaceMapping
{
    private readonly Dictionary<string, Rules<MappedService>> _services = [];
    private readonly Dictionary<string, Rules<Guid>> _environments = [];

    public PlaceMapping(IEnumerable<(MappedService Service, RuleInput Rule)> services, IEnumerable<(Guid Environment, RuleInput Rule)> environments)
    {
        foreach (var (service, rule) in services.OrderBy(s => s.Service.Key, StringComparer.Ordinal))
        {
            Of(_services, rule.Kind).Add(service, rule.Pattern);
        }

        foreach (var (environment, rule) in environments)
        {
            Of(_environments, rule.Kind).Add(environment, rule.Pattern);
        }
    }

    public PlaceBelonging Of(string kind, string path)
    {
        var service = ServiceOf(kind, path);
        return new PlaceBelonging(service?.Id, service?.TeamId, EnvironmentsOf(kind, path));
    }

    public MappedService? ServiceOf(string kind, string path) =>
        _services.TryGetValue(kind, out var rules) ? rules.First(path) : null;

    public IReadOnlySet<Guid> EnvironmentsOf(string kind, string path) =>
        _environments.TryGetValue(kind, out var rules) ? rules.All(path).ToHashSet() : new HashSet<Guid>();

    private static Rules<T> Of<T>(Dictionary<string, Rules<T>> byKind, string kind)
        where T : notnull
    {
        if (!byKind.TryGetValue(kind, out var rules))
        {
            byKind[kind] = rules = new Rules<T>();
        }

        return rules;
    }

    /// <summary>Rules in order; those without a wildcard are looked up, not tried.</summary>
    private sealed class Rules<T>
        where T : notnull
    {
        private readonly Dictionary<string, List<(int Order, T Owner)>> _literal = new(StringComparer.Ordinal);
        private readonly List<(int Order, T Owner, PathGlob Glob)> _globs = [];
        private int _count;

        public void Add(T owner, string pattern)
        {
            var glob = new PathGlob(pattern);
            var order = _count++;
            if (!glob.IsLiteral)
            {
                _globs.Add((order, owner, glob));
            }
            else if (_literal.TryGetValue(PathGlob.Fold(pattern), out var owners))
            {
                owners.Add((order, owner));
            }
            else
            {
                _literal[PathGlob.Fold(pattern)] = [(order, owner)];
            }
        }

        public T? First(string path)
        {
            var literal = _literal.TryGetValue(PathGlob.Fold(path), out var owners) ? owners[0] : (Order: int.MaxValue, Owner: default(T)!);
            foreach (var (order, owner, glob) in _globs)
            {
                if (order > literal.Order)
                {
                    break;
                }

                if (glob.Matches(path))
                {
                    return owner;
                }
            }

            return literal.Order == int.MaxValue ? default : literal.Owner;
        }

        public IEnumerable<T> All(string path)
        {
            if (_literal.TryGetValue(PathGlob.Fold(path), out var owners))
            {
                foreach (var (_, owner) in owners)
                {
                    yield return owner;
                }
            }

            foreach (var (_, owner, glob) in _globs)
            {
                if (glob.Matches(path))
                {
                    yield return owner;
                }
            }
        }
    }
}
