namespace System.Diagnostics.CodeAnalysis;

/// <summary>A stand-in for .NET 9's attribute, by which the trimmer knows a property that a build can fix.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class FeatureSwitchDefinitionAttribute(string switchName) : Attribute
{
    /// <summary>The name of the switch.</summary>
    public string SwitchName => switchName;
}
