namespace NhiGovernance.Sources.Connectors.Git;

/// <summary>Why git stopped, as one plain sentence that is safe to show: never its raw output.</summary>
internal sealed class GitFailure(string message, bool denied = false) : Exception(message)
{
    /// <summary>True when the host refused the credential, as opposed to anything else that went wrong.</summary>
    public bool Denied { get; } = denied;

    /// <summary>The program's words are matched, not repeated: they may quote what the host sent.</summary>
    public static GitFailure From(string stderr, int exitCode)
    {
        bool Says(string words) => stderr.Contains(words, StringComparison.OrdinalIgnoreCase);
        return stderr switch
        {
            _ when Says("Authentication failed") || Says("could not read Username") || Says("terminal prompts disabled")
                || Says("error: 401") || Says("error: 403") || Says("Permission denied (") =>
                new("The host refused the credential, or asks for one. Check that it may read this repository.", denied: true),
            _ when Says("Host key verification failed") || Says("No ED25519 host key is known") || Says("REMOTE HOST IDENTIFICATION") =>
                new("The host's SSH key is not the one in the known hosts setting. Paste the line that ssh-keyscan gives, after checking it with the host's owner."),
            _ when Says("error in libcrypto") || Says("invalid format") || Says("incorrect passphrase") =>
                new("The SSH key cannot be read. Give an OpenSSH private key without a passphrase."),
            _ when Says("not found") || Says("does not exist") || Says("does not appear to be a git repository") || Says("error: 404") =>
                new("There is no repository at this address, or the credential may not see it."),
            _ when Says("Could not resolve host") => new("The host's name cannot be resolved."),
            _ when Says("dubious ownership") =>
                new("The repository's folder belongs to another user of this machine. Give it to the user that runs NhiGovernance."),
            _ when Says("SSL certificate") || Says("certificate") => new("The host's certificate is not trusted here. Name its roots in the setting Sources:TrustedRoots."),
            _ when Says("unable to update url base from redirection") || Says("error: 30") =>
                new("The host redirects to another address. Redirects are not followed; give the final address."),
            _ when Says("transport '") || Says("protocol '") => new("The repository points to a protocol that is not allowed."),
            _ when Says("Connection timed out") || Says("Failed to connect") || Says("Connection refused") || Says("Connection closed") =>
                new("The host does not answer."),
            _ when Says("No space left") => new("The disk is full."),
            _ => new($"git ended with exit code {exitCode}."),
        };
    }
}
