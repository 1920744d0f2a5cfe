using Microsoft.AspNetCore.SignalR;

namespace NhiGovernance.Web.Access;

/// <summary>
/// Tells what a person does from what their browser does by itself. The framework calls a circuit's inbound activity also for the
/// receipt of a redraw and for answers to our own scripts: with pages that the server redraws, a browser that was left open would
/// never be idle. Only an event of the page and a change of address count.
/// </summary>
internal sealed class OwnActivity : IHubFilter
{
    private const string Invoke = "BeginInvokeDotNetFromJS";
    private const string Navigated = "OnLocationChanged";
    private const string Event = "DispatchEventAsync";

    private static readonly AsyncLocal<bool> Own = new();

    /// <summary>Whether the call that is being handled now is a person's doing.</summary>
    public static bool IsNow => Own.Value;

    public ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        // It flows into the circuit, and is gone when this call returns.
        Own.Value = IsOwn(invocationContext.HubMethodName, invocationContext.HubMethodArguments);
        return next(invocationContext);
    }

    /// <param name="arguments">Of the first: call id, assembly, method, object id, arguments.</param>
    internal static bool IsOwn(string method, IReadOnlyList<object?> arguments) =>
        method == Navigated || (method == Invoke && arguments.Count > 2 && arguments[2] is Event);
}
