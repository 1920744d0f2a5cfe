namespace NhiGovernance.Common;

/// <summary>
/// An expected refusal. The set is closed: the edge maps each kind once, to a toast on a page and to RFC 9457
/// problem+json in the API. A bug or a broken dependency is an exception, never one of these.
/// </summary>
/// <param name="Message">One plain sentence that names the place and the fix. Never holds a secret.</param>
public abstract record Error(string Message)
{
    /// <summary>No such thing, or none that this actor may see: the two answer alike (HTTP 404).</summary>
    public sealed record NotFound(string What) : Error($"{What} was not found, or you may not see it.");

    /// <summary>The request is malformed or breaks a rule (HTTP 400). Each fault names its field.</summary>
    public sealed record Invalid(IReadOnlyList<FieldFault> Faults)
        : Error(string.Join(" ", Faults.Select(f => f.Message)))
    {
        public Invalid(string field, string message) : this([new FieldFault(field, message)]) { }
    }

    /// <summary>More bytes than are taken (HTTP 413). Says how many are.</summary>
    public sealed record TooLarge(string Message) : Error(Message);

    /// <summary>The state moved on, or the name is taken (HTTP 409).</summary>
    public sealed record Conflict(string Message) : Error(Message);

    /// <summary>The actor is known and may not do this (HTTP 403). Says who may.</summary>
    public sealed record Forbidden(string Message) : Error(Message);

    /// <summary>Something that this needs is away; nothing was changed (HTTP 503).</summary>
    public sealed record Unavailable(string Message) : Error(Message);
}

/// <summary>One fault in one field. <paramref name="Field"/> is the request's own name for it, or "" for the whole.</summary>
public sealed record FieldFault(string Field, string Message);
