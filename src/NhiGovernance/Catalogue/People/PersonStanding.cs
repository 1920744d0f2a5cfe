using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Catalogue.People;

/// <summary>What one source says of a person now, or said last.</summary>
/// <param name="IsListed">False when its list is without them, or is not read any more.</param>
public sealed record PersonWord(PersonStatus Status, DateOnly? LeaveDate, bool IsListed);

/// <summary>
/// Whether a person is here. A person's decision counts whatever sources say; without one, the gravest word of all sources does.
/// Who is not listed any more has not left by that, and who was said to have left does not come back by it. Pure.
/// </summary>
public static class PersonStanding
{
    /// <summary>Unknown when no source says anything.</summary>
    public static PersonStatus SourcesSay(IEnumerable<PersonWord> words) =>
        Counting(words).Select(w => w.Status).DefaultIfEmpty(PersonStatus.Unknown).Max();

    /// <summary>Puts the person's status right. Returns true when they have left by that, and had not before.</summary>
    public static bool Settle(Person person, IReadOnlyCollection<PersonWord> words)
    {
        var before = person.Status;
        if (person.Decision is { } decision)
        {
            person.Status = decision;
        }
        else
        {
            person.Status = SourcesSay(words);
            person.LeaveDate = Counting(words).Select(w => w.LeaveDate).Min();
        }

        return person.Status == PersonStatus.Left && before != PersonStatus.Left;
    }

    private static IEnumerable<PersonWord> Counting(IEnumerable<PersonWord> words) => words.Where(w => w.IsListed || w.Status == PersonStatus.Left);
}
