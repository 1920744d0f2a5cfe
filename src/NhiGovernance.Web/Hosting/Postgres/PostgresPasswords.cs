using System.Security.Cryptography;
using System.Text.Json;

namespace NhiGovernance.Web.Hosting.Postgres;

/// <summary>The passwords of the two roles, made once, kept in a file that only we may read.</summary>
internal sealed record PostgresPasswords(string Owner, string Serving)
{
    public static async Task<PostgresPasswords> LoadOrMakeAsync(PostgresFolder folder, CancellationToken cancellationToken)
    {
        if (File.Exists(folder.Passwords))
        {
            return await LoadAsync(folder, cancellationToken);
        }

        if (Directory.Exists(folder.Cluster))
        {
            throw new SettingException(
                PostgresOptions.DataKey, $"{folder.Passwords} is missing while its database is there; restore the file from your backup");
        }

        var passwords = new PostgresPasswords(Make(), Make());
        await PostgresFolder.WritePrivateAsync(folder.Passwords, JsonSerializer.Serialize(passwords), cancellationToken);
        return passwords;
    }

    public static async Task<PostgresPasswords> LoadAsync(PostgresFolder folder, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = File.OpenRead(folder.Passwords);
            return await JsonSerializer.DeserializeAsync<PostgresPasswords>(file, cancellationToken: cancellationToken)
                ?? throw new JsonException();
        }
        catch (Exception error) when (error is JsonException or UnauthorizedAccessException or FileNotFoundException)
        {
            throw new SettingException(PostgresOptions.DataKey, $"{folder.Passwords} cannot be read; run as the user who owns it");
        }
    }

    public override string ToString() => nameof(PostgresPasswords);

    private static string Make() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
}
