global using Microsoft.Scripting.Runtime;
global using NotNone = Microsoft.Scripting.Runtime.NotNullAttribute;
