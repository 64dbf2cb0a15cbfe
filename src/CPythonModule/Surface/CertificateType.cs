using System.Runtime.InteropServices;
using SslModule.CPython.Binding;
using SslModule.CPython.Native;
using SslModule.Engine.Certificates;

namespace SslModule.CPython.Surface;

/// <summary><c>_ssl.Certificate</c>.</summary>
internal static unsafe class CertificateType
{
    private const int EncodingPem = 1;
    private const int EncodingDer = 2;
    private static readonly Signature PublicBytesSignature = new("public_bytes", 0, "format");
    private static nint _type;

    public static void Publish(nint module)
    {
        _type = Tables.Type(
            module,
            "_ssl.Certificate",
            Instance.Size(0),
            PyNumbers.TypeDefault | PyNumbers.TypeImmutable | PyNumbers.TypeDisallowInstantiation,
            0,
            Tables.Slot(PyNumbers.SlotDealloc, (delegate* unmanaged<nint, void>)&Trampoline.Deallocate),
            Tables.Slot(PyNumbers.SlotHash, (delegate* unmanaged<nint, nint>)&Trampoline.Hash),
            Tables.Slot(PyNumbers.SlotRepr, (delegate* unmanaged<nint, nint>)&Trampoline.Repr),
            Tables.Slot(PyNumbers.SlotRichCompare, (delegate* unmanaged<nint, nint, int, nint>)&Trampoline.Compare),
            Tables.Slot(PyNumbers.SlotMethods, Tables.Terminated<PyMethodDef>(
                Tables.Method("public_bytes", &Trampoline.PublicBytes, "format=Encoding.PEM", "The certificate as PEM text (ENCODING_PEM) or DER bytes (ENCODING_DER)."),
                Tables.Method("get_info", &Trampoline.GetInfo, "The certificate as getpeercert() gives it."))));
        Tables.Add(module, "Certificate", Values.New(_type));
    }

    /// <summary>A new Certificate object.</summary>
    public static nint Make(Certificate certificate) => Instance.New(_type, certificate);

    private static Certificate Of(nint self) => Instance.Of<Certificate>(self);

    private static nint PublicBytes(nint self, in Arguments arguments) => (arguments[0] == 0 ? EncodingPem : Values.Int32(arguments[0])) switch
    {
        EncodingPem => Values.Str(Pem.Encode("CERTIFICATE", Of(self).Encoded.Span)),
        EncodingDer => Values.Bytes(Of(self).Encoded.Span),
        _ => throw PythonRaise.ValueError("Unsupported format"),
    };

    private static nint GetInfo(nint self) => CertificateValues.Decoded(Of(self));

    private static nint Repr(nint self) => Values.Str($"<_ssl.Certificate '{Of(self).SubjectText}'>");

    private static int HashOf(Certificate certificate)
    {
        var hash = default(HashCode);
        hash.AddBytes(certificate.Encoded.Span);
        return hash.ToHashCode();
    }

    private static class Trampoline
    {
        [UnmanagedCallersOnly]
        public static void Deallocate(nint self) => Instance.Deallocate(self, 0);

        [UnmanagedCallersOnly]
        public static nint Hash(nint self)
        {
            int hash = HashOf(Of(self));
            return hash == -1 ? -2 : hash;
        }

        [UnmanagedCallersOnly]
        public static nint Repr(nint self) => Trampolines.Call(&CertificateType.Repr, self);

        [UnmanagedCallersOnly]
        public static nint Compare(nint self, nint other, int operation)
        {
            if (operation is not (PyNumbers.CompareEqual or PyNumbers.CompareNotEqual) || !Values.IsInstance(other, _type))
            {
                return Values.New(PythonData.NotImplemented);
            }

            bool equal = Of(self).Encoded.Span.SequenceEqual(Of(other).Encoded.Span);
            return Values.Bool(equal == (operation == PyNumbers.CompareEqual));
        }

        [UnmanagedCallersOnly]
        public static nint PublicBytes(nint self, nint* given, nint count, nint names) => Trampolines.Call(&CertificateType.PublicBytes, PublicBytesSignature, self, given, count, names);

        [UnmanagedCallersOnly]
        public static nint GetInfo(nint self, nint unused) => Trampolines.Call(&CertificateType.GetInfo, self);
    }
}
