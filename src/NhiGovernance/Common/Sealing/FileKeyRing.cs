using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace NhiGovernance.Common.Sealing;

/// <summary>
/// Keys as files in one folder of mode 0700: <c>ID.key</c> (mode 0600, 32 bytes as base64), <c>ID.retired</c>, and
/// <c>current</c>, which names the key that wraps. Every change is one atomic rename, so a crash leaves either the old or the
/// new state. Files are read when they are needed: several processes may share the folder.
/// </summary>
/// <param name="isAnythingSealed">Asked before the first key is made: a ring that is empty although something is sealed was lost.</param>
public sealed class FileKeyRing(string folder, TimeProvider clock, Func<CancellationToken, ValueTask<bool>>? isAnythingSealed = null) : IKeyRing
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string Suffix = ".key";
    private const string RetiredSuffix = ".retired";

    public string Place => folder;

    private string CurrentFile => Path.Combine(folder, "current");

    public async ValueTask<string> CurrentKeyIdAsync(CancellationToken cancellationToken)
    {
        if (await FindCurrentKeyIdAsync(cancellationToken) is { } current)
        {
            return current;
        }

        if (isAnythingSealed is not null && await isAnythingSealed(cancellationToken))
        {
            // Another process may have made the first key since we looked, and sealed with it.
            return await FindCurrentKeyIdAsync(cancellationToken) ?? throw new KeyLostException("that is in use", folder);
        }

        await using var held = await LockAsync(cancellationToken);
        return await FindCurrentKeyIdAsync(cancellationToken) ?? await MakeAsync(cancellationToken);
    }

    public async ValueTask<string?> FindCurrentKeyIdAsync(CancellationToken cancellationToken) =>
        File.Exists(CurrentFile) ? (await File.ReadAllTextAsync(CurrentFile, cancellationToken)).Trim() : null;

    public async ValueTask ProbeAsync(string keyId, CancellationToken cancellationToken) =>
        CryptographicOperations.ZeroMemory(await ReadAsync(keyId, withRetired: true, cancellationToken));

    public async ValueTask<byte[]> WrapAsync(string keyId, ReadOnlyMemory<byte> dataKey, CancellationToken cancellationToken)
    {
        var key = await ReadAsync(keyId, withRetired: false, cancellationToken);
        var nonce = RandomNumberGenerator.GetBytes(SealedFormat.NonceSize);
        var tag = new byte[SealedFormat.TagSize];
        var wrapped = new byte[dataKey.Length];
        using var aes = new AesGcm(key, SealedFormat.TagSize);
        aes.Encrypt(nonce, dataKey.Span, wrapped, tag, Encoding.ASCII.GetBytes(keyId));
        CryptographicOperations.ZeroMemory(key);
        return [.. nonce, .. tag, .. wrapped];
    }

    public async ValueTask<byte[]> UnwrapAsync(string keyId, ReadOnlyMemory<byte> wrapped, CancellationToken cancellationToken)
    {
        const int Head = SealedFormat.NonceSize + SealedFormat.TagSize;
        if (wrapped.Length < Head)
        {
            throw new SealBrokenException("A wrapped key is too short.");
        }

        var key = await ReadAsync(keyId, withRetired: true, cancellationToken);
        var dataKey = new byte[wrapped.Length - Head];
        try
        {
            using var aes = new AesGcm(key, SealedFormat.TagSize);
            aes.Decrypt(wrapped.Span[..SealedFormat.NonceSize], wrapped.Span[Head..], wrapped.Span[SealedFormat.NonceSize..Head], dataKey, Encoding.ASCII.GetBytes(keyId));
            return dataKey;
        }
        catch (AuthenticationTagMismatchException broken)
        {
            throw new SealBrokenException($"A wrapped key does not open with the key {keyId}.", broken);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    public async ValueTask<string> AddKeyAsync(CancellationToken cancellationToken)
    {
        await using var held = await LockAsync(cancellationToken);
        return await MakeAsync(cancellationToken);
    }

    public async ValueTask RetireAsync(string keyId, CancellationToken cancellationToken)
    {
        await using var held = await LockAsync(cancellationToken);
        if (await FindCurrentKeyIdAsync(cancellationToken) == keyId)
        {
            throw new InvalidOperationException("The current key cannot be retired.");
        }

        var file = PathOf(keyId, Suffix);
        if (File.Exists(file))
        {
            File.Move(file, PathOf(keyId, RetiredSuffix), overwrite: true);
            FolderOnDisk.Flush(folder);
        }
    }

    public async ValueTask ForgetAsync(string keyId, CancellationToken cancellationToken)
    {
        await using var held = await LockAsync(cancellationToken);
        File.Delete(PathOf(keyId, RetiredSuffix));
    }

    public async ValueTask<IReadOnlyList<KeyInRing>> ListAsync(CancellationToken cancellationToken)
    {
        var current = await FindCurrentKeyIdAsync(cancellationToken);
        return !Directory.Exists(folder) ? [] : [.. Directory.EnumerateFiles(folder, "*.*").Select(f => (Id: Path.GetFileNameWithoutExtension(f), Extension: Path.GetExtension(f)))
            .Where(f => f.Extension is Suffix or RetiredSuffix)
            .Select(f => new KeyInRing(f.Id, f.Extension == RetiredSuffix ? KeyState.Retired : f.Id == current ? KeyState.Current : KeyState.Old, MadeAt(f.Id)))
            .OrderBy(k => k.KeyId, StringComparer.Ordinal)];
    }

    /// <summary>The id carries the moment; a key that somebody put here by another name has none.</summary>
    private static DateTimeOffset? MadeAt(string keyId) => keyId.Length > 15 && DateTimeOffset.TryParseExact(
        keyId.AsSpan(1, 14), "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;

    private async Task<string> MakeAsync(CancellationToken cancellationToken)
    {
        // Sortable and unguessable enough: an id is no secret, it must only be unique.
        var id = $"k{clock.GetUtcNow():yyyyMMddHHmmss}{RandomNumberGenerator.GetHexString(6, lowercase: true)}";
        await WriteAsync(PathOf(id, Suffix), Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), cancellationToken);
        await WriteAsync(CurrentFile, id, cancellationToken);
        return id;
    }

    private async Task<byte[]> ReadAsync(string keyId, bool withRetired, CancellationToken cancellationToken)
    {
        var file = PathOf(keyId, Suffix);
        if (!File.Exists(file))
        {
            file = PathOf(keyId, RetiredSuffix);
            if (!withRetired || !File.Exists(file))
            {
                throw new KeyLostException(keyId, folder);
            }
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & ~OwnerOnly) != 0)
        {
            throw new KeyExposedException(file);
        }

        try
        {
            var key = Convert.FromBase64String(await File.ReadAllTextAsync(file, cancellationToken));
            return key.Length == 32 ? key : throw new KeyUnreadableException(file, "it does not hold 32 bytes");
        }
        catch (Exception error) when (error is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new KeyUnreadableException(file, error is FormatException ? "it is no base64" : "this process may not read it");
        }
    }

    private static async Task WriteAsync(string path, string text, CancellationToken cancellationToken)
    {
        var temporary = path + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        await using (var stream = new FileStream(temporary, options))
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(text), cancellationToken);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
        FolderOnDisk.Flush(Path.GetDirectoryName(path)!);
    }

    /// <summary>One process at a time changes the ring. The file stays; what locks is having it open.</summary>
    private async Task<FileStream> LockAsync(CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        }

        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (attempt < 200)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(25), clock, cancellationToken);
            }
        }
    }

    private string PathOf(string keyId, string suffix) =>
        keyId.Length is > 0 and <= 64 && keyId.All(char.IsAsciiLetterOrDigit)
            ? Path.Combine(folder, keyId + suffix)
            : throw new SealBrokenException("A key id holds letters and digits only.");
}

/// <summary>A key file that others on the machine can read counts as exposed: it is not used until that is mended.</summary>
public sealed class KeyExposedException(string file) : KeyUnusableException(
    $"The key file {file} can be read by others. Run: chmod 600 '{file}'. If others have used this machine, rotate the keys.");

/// <summary>The file is there and holds no key, or belongs to somebody else.</summary>
public sealed class KeyUnreadableException(string file, string why) : KeyUnusableException(
    $"The key file {file} cannot be used: {why}. Put the file back from your backup, readable by the user that runs this product only.");
