using System.Collections;
using System.Reflection;

namespace NhiGovernance.Tests.Data.SqlServer;

/// <summary>
/// A request of any type, made by reflection: bare (nothing chosen) or full (every filter set), so that the statements of
/// both shapes of a query are seen.
/// </summary>
internal static class MadeUpRequest
{
    public static object? Of(Type type, bool full, int depth = 0)
    {
        var inner = Nullable.GetUnderlyingType(type) ?? type;
        if (inner == typeof(string))
        {
            return "a";
        }

        if (inner == typeof(Guid))
        {
            return Guid.CreateVersion7();
        }

        if (inner == typeof(DateTimeOffset))
        {
            return TimeProvider.System.GetUtcNow();
        }

        if (inner.IsEnum)
        {
            return Enum.GetValues(inner).GetValue(0);
        }

        if (inner.IsPrimitive || inner == typeof(decimal) || inner == typeof(DateOnly) || inner == typeof(TimeSpan))
        {
            return inner == typeof(bool) ? full : inner == typeof(int) ? 1 : Activator.CreateInstance(inner);
        }

        if (ElementOf(inner) is { } element)
        {
            return List(inner, element, full, depth);
        }

        return inner.IsInterface || inner.IsAbstract || depth > 4 || typeof(Delegate).IsAssignableFrom(inner) ? null : Make(inner, full, depth);
    }

    private static object? Make(Type type, bool full, int depth)
    {
        var constructor = type.GetConstructors()
            .Where(c => c.GetParameters() is not [{ } only] || only.ParameterType != type)
            .OrderByDescending(c => c.GetParameters().Length).FirstOrDefault();
        if (constructor is null)
        {
            return null;
        }

        var made = constructor.Invoke([.. constructor.GetParameters().Select(p => Choose(p, full, depth))]);
        foreach (var property in type.GetProperties().Where(p => p.SetMethod is { IsPublic: true } && p.GetIndexParameters().Length == 0))
        {
            if (full && constructor.GetParameters().All(p => !string.Equals(p.Name, property.Name, StringComparison.OrdinalIgnoreCase)))
            {
                property.SetValue(made, Of(property.PropertyType, full, depth + 1));
            }
        }

        return made;
    }

    private static object? Choose(ParameterInfo parameter, bool full, int depth) =>
        !full && parameter.HasDefaultValue
            ? parameter.DefaultValue ?? (parameter.ParameterType.IsValueType && Nullable.GetUnderlyingType(parameter.ParameterType) is null
                ? Activator.CreateInstance(parameter.ParameterType) : null)
            : Of(parameter.ParameterType, full, depth + 1);

    private static Type? ElementOf(Type type) =>
        type.IsArray ? type.GetElementType()
        : type.IsGenericType && type.GetGenericTypeDefinition() is var g
            && (g == typeof(IReadOnlyList<>) || g == typeof(IReadOnlyCollection<>) || g == typeof(IEnumerable<>) || g == typeof(List<>)
                || g == typeof(IReadOnlySet<>) || g == typeof(HashSet<>))
            ? type.GetGenericArguments()[0]
            : null;

    private static object List(Type type, Type element, bool full, int depth)
    {
        var concrete = type.Name.Contains("Set", StringComparison.Ordinal) ? typeof(HashSet<>) : typeof(List<>);
        var list = Activator.CreateInstance(concrete.MakeGenericType(element))!;
        if (full && Of(element, full, depth + 1) is { } item)
        {
            list.GetType().GetMethod("Add")!.Invoke(list, [item]);
        }

        if (!type.IsArray)
        {
            return list;
        }

        var array = Array.CreateInstance(element, ((ICollection)list).Count);
        ((ICollection)list).CopyTo(array, 0);
        return array;
    }
}
