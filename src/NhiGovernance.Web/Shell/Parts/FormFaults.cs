using NhiGovernance.Common;

namespace NhiGovernance.Web.Shell.Parts;

/// <summary>What a refused command says about a form: faults at their fields, the rest above the buttons.</summary>
public sealed class FormFaults
{
    private IReadOnlyList<FieldFault> _faults = [];
    private HashSet<string> _fields = new(StringComparer.Ordinal);

    /// <summary>What belongs to no field of the form; null when there is nothing.</summary>
    public string? Rest { get; private set; }

    public bool Any => Rest is not null || _faults.Count > 0;

    /// <summary>The fault of one field, or null.</summary>
    public string? this[string field]
    {
        get
        {
            var messages = _faults.Where(f => f.Field == field).Select(f => f.Message).ToList();
            return messages.Count == 0 ? null : string.Join(" ", messages);
        }
    }

    /// <summary>Takes a command's error.</summary>
    /// <param name="error">Null clears everything.</param>
    /// <param name="fields">The fields that the form shows; faults of others go to <see cref="Rest"/>.</param>
    public void Take(Error? error, params IEnumerable<string> fields)
    {
        _fields = fields.ToHashSet(StringComparer.Ordinal);
        var invalid = error as Error.Invalid;
        _faults = invalid is null ? [] : [.. invalid.Faults.Where(f => _fields.Contains(f.Field))];
        Rest = invalid is null ? error?.Message : RestOf(invalid);
    }

    public void Clear() => Take(null);

    private string? RestOf(Error.Invalid invalid)
    {
        var rest = invalid.Faults.Where(f => !_fields.Contains(f.Field)).Select(f => f.Message).Distinct().ToList();
        return rest.Count == 0 ? null : string.Join(" ", rest);
    }
}
