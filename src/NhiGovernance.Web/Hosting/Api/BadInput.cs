using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;
using NhiGovernance.Common;

namespace NhiGovernance.Web.Hosting.Api;

/// <summary>
/// What cannot be meant is refused at the edge, with the field's name: null where a value belongs, missing fields, wrong types, and NUL,
/// which no database stores. So no use case has to think of it.
/// </summary>
internal static class BadInput
{
    public static void AddServices(IServiceCollection services)
    {
        services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        services.AddExceptionHandler<BadRequestAnswer>();
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.Converters.Add(new TextConverter());
            json.SerializerOptions.RespectNullableAnnotations = true;
            json.SerializerOptions.TypeInfoResolver = (json.SerializerOptions.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(Require);
        });
    }

    /// <summary>NUL anywhere in the address's query, on pages too: the text would come back as a fault of the database.</summary>
    public static async Task Apply(HttpContext context, RequestDelegate next)
    {
        foreach (var (name, values) in context.Request.Query)
        {
            if (name.Contains('\0', StringComparison.Ordinal) || values.Any(v => v?.Contains('\0', StringComparison.Ordinal) == true))
            {
                await Nul(name.Replace("\0", string.Empty, StringComparison.Ordinal)).ToProblem(context).ExecuteAsync(context);
                return;
            }
        }

        await next(context);
    }

    /// <summary>The refusal when a form's field holds NUL; null when none does.</summary>
    public static IResult? InForm(HttpContext context, params (string Name, string? Value)[] fields) =>
        fields.FirstOrDefault(f => f.Value?.Contains('\0', StringComparison.Ordinal) == true) is { Name: { } name } ? Nul(name).ToProblem(context) : null;

    private static Error.Invalid Nul(string field) => new(field, "A text here must not hold NUL (U+0000).");

    /// <summary>
    /// What is not nullable and has no default is asked for, values too: a missing kind must not become the first kind there is. Only when
    /// reading: what we answer is not judged here.
    /// </summary>
    private static void Require(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (!property.PropertyType.IsValueType)
            {
                property.IsGetNullable = true;
            }

            if (property.AssociatedParameter is { HasDefaultValue: false } parameter
                && (parameter.ParameterType.IsValueType ? Nullable.GetUnderlyingType(parameter.ParameterType) is null : !parameter.IsNullable))
            {
                property.IsRequired = true;
            }
        }

        var lists = type.Properties.Where(p => p.Get is not null && p.PropertyType != typeof(string) && typeof(IEnumerable).IsAssignableFrom(p.PropertyType)).ToList();
        if (lists.Count > 0)
        {
            type.OnDeserialized = read => RefuseNulls(read, lists);
        }
    }

    /// <summary>The serializer asks no element of a list whether it may be null.</summary>
    private static void RefuseNulls(object read, List<JsonPropertyInfo> lists)
    {
        foreach (var list in lists)
        {
            if (list.Get!(read) is IEnumerable items and not IDictionary && items.Cast<object?>().Any(i => i is null))
            {
                throw new JsonException("A list holds null.", $"$.{list.Name}", null, null);
            }
        }
    }

    private sealed class TextConverter : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Check(reader.GetString());

        public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Check(reader.GetString())!;

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

        public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WritePropertyName(value);

        private static string? Check(string? text) =>
            text?.Contains('\0', StringComparison.Ordinal) == true ? throw new JsonException("NUL") : text;
    }
}

/// <summary>The framework's refusals (a body that is none, a number that is none) as problem+json that names the field.</summary>
internal sealed partial class BadRequestAnswer : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not BadHttpRequestException bad)
        {
            return false;
        }

        var answer = bad.StatusCode switch
        {
            StatusCodes.Status400BadRequest => Fault(bad).ToProblem(httpContext),
            StatusCodes.Status413PayloadTooLarge => new Error.TooLarge("The request is larger than the server takes.").ToProblem(httpContext),
            var status => Problems.Problem(httpContext, status, "bad-request", "The request cannot be read", "The server cannot read this kind of request."),
        };
        await answer.ExecuteAsync(httpContext);
        return true;
    }

    private static Error.Invalid Fault(BadHttpRequestException bad)
    {
        if (bad.InnerException is JsonException json)
        {
            if (MissingProperties().Match(json.Message) is { Success: true } missing)
            {
                return new Error.Invalid([.. QuotedNames().Matches(missing.Value).Select(m => new FieldFault(m.Groups[1].Value, "This field is needed."))]);
            }

            var path = json.Path is null or "$" or "" ? "body" : json.Path.TrimStart('$', '.');
            return new Error.Invalid(path, json.Message.StartsWith("NUL", StringComparison.Ordinal)
                ? "A text here must not hold NUL (U+0000)."
                : path == "body" ? "The body is not the JSON that this operation takes; see /api." : "The value is missing or of another type than this field takes; see /api.");
        }

        var field = Parameter().Match(bad.Message) is { Success: true } named ? named.Groups[1].Value : "body";
        return new Error.Invalid(field, field == "body" ? "This operation needs a JSON body; see /api." : $"\"{field}\" is missing or has a value that it does not take.");
    }

    [GeneratedRegex("missing required properties.*$", RegexOptions.NonBacktracking | RegexOptions.Singleline)]
    private static partial Regex MissingProperties();

    [GeneratedRegex("'([^']+)'", RegexOptions.NonBacktracking)]
    private static partial Regex QuotedNames();

    [GeneratedRegex("parameter \"(?:[^\"]* )?([^\" ]+)\"", RegexOptions.NonBacktracking)]
    private static partial Regex Parameter();
}
