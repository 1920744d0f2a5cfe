namespace NhiGovernance.Sources.Contract;

/// <summary>
/// A connector cannot go on, and says why in one plain sentence that is safe to show: it names the fix, and holds neither the
/// vendor's body nor a secret. Any other exception is shown as a fault of ours, by its type only.
/// </summary>
public sealed class ConnectorException(string message, Exception? inner = null) : Exception(message, inner);
