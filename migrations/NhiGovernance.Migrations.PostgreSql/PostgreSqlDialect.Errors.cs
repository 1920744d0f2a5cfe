using Npgsql;

namespace NhiGovernance.Migrations.PostgreSql;

/// <content>What the server's errors mean.</content>
public sealed partial class PostgreSqlDialect
{
    public bool IsReferenceViolation(Exception exception) =>
        // 18 tells ON DELETE RESTRICT apart from the others; before, both are a foreign key's violation.
        exception is PostgresException { SqlState: PostgresErrorCodes.ForeignKeyViolation or PostgresErrorCodes.RestrictViolation }
        || (exception.InnerException is { } inner && IsReferenceViolation(inner));

    public bool IsUniqueViolation(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation }
        || (exception.InnerException is { } inner && IsUniqueViolation(inner));

    /// <summary>NUL in text, or \u0000 in jsonb.</summary>
    public bool IsUnstorableText(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter }
        || (exception.InnerException is { } inner && IsUnstorableText(inner));
}
