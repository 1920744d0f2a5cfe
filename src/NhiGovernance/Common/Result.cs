using System.Diagnostics.CodeAnalysis;

namespace NhiGovernance.Common;

/// <summary>A value, or the <see cref="Common.Error"/> that says why there is none.</summary>
public readonly struct Result<T>
{
    private readonly T? _value;

    private Result(T? value, Error? error) => (_value, Error) = (value, error);

    public Error? Error { get; }

    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsOk => Error is null;

    public T Value => Error is null ? _value! : throw new InvalidOperationException($"No value: {Error.Message}");

    internal static Result<T> Ok(T value) => new(value, null);

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Error error) => new(default, error);

    public Result<TOther> Select<TOther>(Func<T, TOther> map) => Error is null ? map(_value!) : Error;

    public TOut Match<TOut>(Func<T, TOut> ok, Func<Error, TOut> failed) => Error is null ? ok(_value!) : failed(Error);
}

public static class Result
{
    /// <summary>For interfaces and the like, which have no implicit conversion.</summary>
    public static Result<T> Ok<T>(T value) => Result<T>.Ok(value);
}

/// <summary>The value of a command that has nothing to say beyond "done".</summary>
public readonly record struct Done
{
    public static readonly Done Value;
}
