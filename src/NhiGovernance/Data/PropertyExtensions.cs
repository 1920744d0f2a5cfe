using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace NhiGovernance.Data;

internal static class PropertyExtensions
{
    /// <summary>A string property that holds JSON.</summary>
    public static PropertyBuilder<string> IsJson(this PropertyBuilder<string> property)
    {
        property.HasAnnotation(Conventions.JsonColumn, true);
        return property;
    }

    public static PropertyBuilder<string?> IsJsonOrNull(this PropertyBuilder<string?> property)
    {
        property.HasAnnotation(Conventions.JsonColumn, true);
        return property;
    }
}
