using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>One answer of the scripted server, right or wrong.</summary>
/// <param name="path">The list's name in the script.</param>
internal sealed class ScriptedPage(ScriptedGitHub server, HttpContext http, string path, string? property, List<JsonNode> items, int page, int size)
{
    /// <summary>Of an answer that is slow, and comes in time.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(30);

    /// <summary>The whole answer takes five times as long as an impatient connector waits for it.</summary>
    private static readonly TimeSpan LongPause = TimeSpan.FromMilliseconds(250);

    private int Pages => Math.Max(1, (items.Count + size - 1) / size);

    /// <summary>Without the query that tells the script's two lists of one path apart.</summary>
    private string Address => path.Split('?')[0];

    public Task WriteAsync() => SendAsync(Body(items, page), Link(page < Pages ? page + 1 : null, Pages));

    public async Task WrongAsync(FaultPlan plan)
    {
        var fault = plan.Fault;
        switch (fault)
        {
            case ScriptedFault.TooManyWithRetryAfter:
                http.Response.Headers.RetryAfter = "37";
                server.Silence(TimeSpan.FromSeconds(37));
                await ScriptedGitHub.WriteAsync(http, 429, """{"message":"slow down"}""");
                break;
            case ScriptedFault.TooManyWithout:
                server.Silence(TimeSpan.FromSeconds(59));
                await ScriptedGitHub.WriteAsync(http, 429, """{"message":"slow down"}""");
                break;
            case ScriptedFault.SecondaryLimit:
                server.Silence(TimeSpan.FromSeconds(59));
                await ScriptedGitHub.WriteAsync(http, 403, """{"message":"You have exceeded a secondary rate limit. Please wait a few minutes before you try again."}""");
                break;
            case ScriptedFault.PrimaryLimit:
                server.Reset = server.Clock.GetUtcNow().AddMinutes(3);
                http.Response.Headers["X-RateLimit-Remaining"] = "0";
                http.Response.Headers["X-RateLimit-Reset"] = server.Reset.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
                server.Silence(TimeSpan.FromMinutes(2.9));
                await ScriptedGitHub.WriteAsync(http, 403, """{"message":"API rate limit exceeded"}""");
                break;
            case ScriptedFault.Status500:
                await ScriptedGitHub.WriteAsync(http, 500, """{"message":"Server Error"}""");
                break;
            case ScriptedFault.BadGatewayPage:
                http.Response.StatusCode = 502;
                http.Response.ContentType = "text/html";
                await http.Response.WriteAsync("<html>Unicorn!</html>");
                break;
            case ScriptedFault.PageInsteadOfJson:
                http.Response.ContentType = "text/html";
                await http.Response.WriteAsync("<html>Sign in to the guest network</html>");
                break;
            case ScriptedFault.Forbidden:
                await ScriptedGitHub.WriteAsync(http, 403, """{"message":"Resource not accessible by personal access token"}""");
                break;
            case ScriptedFault.Unauthorized:
                await ScriptedGitHub.WriteAsync(http, 401, """{"message":"Bad credentials"}""");
                break;
            case ScriptedFault.NotFound:
                await ScriptedGitHub.WriteAsync(http, 404, """{"message":"Not Found"}""");
                break;
            case ScriptedFault.CursorExpired:
                await ScriptedGitHub.WriteAsync(http, 422, """{"message":"The cursor has expired"}""");
                break;
            case ScriptedFault.Redirect:
                http.Response.Headers.Location = "https://elsewhere.example/repos";
                await ScriptedGitHub.WriteAsync(http, 301, """{"message":"Moved Permanently"}""");
                break;
            case ScriptedFault.CutBeforeAnswer:
                ScriptedGitHub.Abort(http);
                break;
            case ScriptedFault.NameGone or ScriptedFault.ConnectionRefused or ScriptedFault.ConnectionSilent
                or ScriptedFault.CertificateExpired or ScriptedFault.CertificateOfOther:
                server.Break(Enum.Parse<NetworkTrouble>(fault.ToString()), plan.Times);
                ScriptedGitHub.Abort(http);
                break;
            case ScriptedFault.ClockSkew:
                server.Skew(plan.Times);
                await server.RefuseSkewedAsync(http);
                break;
            case ScriptedFault.SilentMidBody:
                await HalfAsync();
                await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
                break;
            case ScriptedFault.ResetMidBody:
                await HalfAsync();
                ScriptedGitHub.Abort(http);
                break;
            case ScriptedFault.TruncatedJson:
                await SendAsync(Body(items, page)[..^2], null);
                break;
            case ScriptedFault.EmptyObject:
                await SendAsync("{}", null);
                break;
            case ScriptedFault.NullInstead:
                await SendAsync("null", null);
                break;
            case ScriptedFault.WrongShape:
                await SendAsync("""[{"id":"not a number","name":{"deep":true}}]""", null);
                break;
            case ScriptedFault.HoleInList:
                await SendAsync(property is { Length: > 0 } ? $$"""{"total_count":1,"{{property}}":[null]}""" : "[null]", null);
                break;
            case ScriptedFault.TooLong:
                await SendAsync("[" + new string(' ', 3 * 1024 * 1024) + "]", null);
                break;
            case ScriptedFault.BrokenCompression:
                http.Response.Headers.ContentEncoding = "gzip";
                await SendAsync("this is no gzip stream at all", null);
                break;
            case ScriptedFault.TenTimesSlower:
                await DribbleAsync(Pause);
                break;
            case ScriptedFault.SlowerThanAllowed:
                await DribbleAsync(LongPause);
                break;
            case ScriptedFault.EmptyList:
                items.Clear();
                await SendAsync(Body(items, 1), null);
                break;
            case ScriptedFault.SilentlyShorter:
                items.RemoveAt(items.Count - 1);
                await WriteAsync();
                break;
            default:
                await WrongPagingAsync(fault);
                break;
        }
    }

    private async Task WrongPagingAsync(ScriptedFault fault)
    {
        switch (fault)
        {
            case ScriptedFault.SamePageForEver:
                // This page, and every one after it, is this page.
                server.Plans.Add(new(fault, path, page + 1, int.MaxValue));
                await SendAsync(Body(items, 1), Link(page + 1, page + 100));
                break;
            case ScriptedFault.NextPointsBack:
                await SendAsync(Body(items, page), Link(1, Pages));
                break;
            case ScriptedFault.NextOnOtherHost:
                await SendAsync(Body(items, page), $"<http://evil.example/api/v3/{Address}?page={page + 1}>; rel=\"next\"");
                break;
            case ScriptedFault.NextOnOtherScheme:
                await SendAsync(Body(items, page), $"<{server.OtherScheme}/api/v3/{Address}?page={page + 1}>; rel=\"next\"");
                break;
            case ScriptedFault.NextMissingOfPromised:
                await SendAsync(Body(items, page), $"<{server.Address}/api/v3/{Address}?page={page + 1}>; rel=\"last\"");
                break;
            case ScriptedFault.OrderChanges:
                items.Reverse();
                await WriteAsync();
                break;
            case ScriptedFault.ItemTwice:
                items.Insert(0, items[0].DeepClone());
                await WriteAsync();
                break;
            case ScriptedFault.ItemGoesBetweenPages:
                await WriteAsync();
                if (server.Once($"{path}{page}"))
                {
                    server.Organization.RemoveFirst(path);
                }

                break;
            case ScriptedFault.ItemComesBetweenPages:
                await WriteAsync();
                if (server.Once($"{path}{page}"))
                {
                    lock (server.Organization.Gate)
                    {
                        var list = server.Organization.Lists[path].Items;
                        var copy = server.Organization.Another(list[0]);
                        copy["name"] = $"NEW_{copy["id"]}";
                        copy["full_name"] = $"{((string?)copy["full_name"])?.Split('/')[0] ?? ScriptedOrganization.Login}/NEW_{copy["id"]}";
                        list.Insert(0, copy);
                    }
                }

                break;
            default:
                throw new InvalidOperationException($"{fault} is not scripted.");
        }
    }

    /// <summary>The answer in ten pieces, each of them on its way before the next one is written, with a pause of real time after each.</summary>
    private async Task DribbleAsync(TimeSpan pause)
    {
        var body = Body(items, page);
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.Headers.ETag = ScriptedGitHub.Tag(body);
        if (Link(page < Pages ? page + 1 : null, Pages) is { } link)
        {
            http.Response.Headers.Link = link;
        }

        foreach (var piece in body.Chunk(Math.Max(1, (body.Length / 10) + 1)))
        {
            await http.Response.WriteAsync(new string(piece));
            await http.Response.Body.FlushAsync();
            await Task.Delay(pause, TimeProvider.System);
            if (http.RequestAborted.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task HalfAsync()
    {
        var body = Body(items, page);
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.Length;
        await http.Response.WriteAsync(body[..(body.Length / 2)]);
        await http.Response.Body.FlushAsync();
    }

    private string Body(List<JsonNode> all, int number)
    {
        if (property is "")
        {
            return all.Count > 0 ? all[0].ToJsonString() : "{}";
        }

        var slice = new JsonArray([.. all.Skip((number - 1) * size).Take(size).Select(i => i.DeepClone())]);
        return property is null ? slice.ToJsonString() : new JsonObject { ["total_count"] = all.Count, [property] = slice }.ToJsonString();
    }

    /// <summary>GitHub's next pages name an organization by its number.</summary>
    private string? Link(int? next, int last)
    {
        var query = string.Join('&', http.Request.Query.Where(q => q.Key != "page").Select(q => $"{q.Key}={Uri.EscapeDataString(q.Value.ToString())}"));
        var at = $"{server.Address}/api/v3/{Address.Replace($"orgs/{ScriptedOrganization.Login}/", $"organizations/{ScriptedOrganization.Id}/", StringComparison.Ordinal)}?{query}";
        return next is null ? null : $"<{at}&page={next}>; rel=\"next\", <{at}&page={last}>; rel=\"last\"";
    }

    private async Task SendAsync(string body, string? link)
    {
        var tag = ScriptedGitHub.Tag(body);
        http.Response.Headers.ETag = tag;
        if (link is not null)
        {
            http.Response.Headers.Link = link;
        }

        if (http.Request.Headers.IfNoneMatch == tag)
        {
            server.Remaining++;
            http.Response.StatusCode = 304;
            return;
        }

        await ScriptedGitHub.WriteAsync(http, 200, body);
    }
}
