namespace SslModule.Engine.Tests.Certificates.Chains;

internal static partial class ChainTable
{
    private const string AddressBlocks = "1.3.6.1.5.5.7.1.7";
    private const string SystemNumbers = "1.3.6.1.5.5.7.1.8";

    private static IEnumerable<(string, Func<ChainCase>)> Resources()
    {
        byte[] ten = Family(1, Prefix(0, 10)), tenOne = Family(1, Prefix(0, 10, 1)), inherit = Inherited(1);
        (string Name, byte[][] Root, byte[][] Middle, byte[][] Leaf)[] addresses =
        [
            ("the same everywhere", [ten], [ten], [ten]),
            ("less further down", [ten], [tenOne], [Family(1, Prefix(0, 10, 1, 2))]),
            ("more further down", [tenOne], [tenOne], [ten]),
            ("more in the middle than at the root", [tenOne], [ten], [tenOne]),
            ("leaf inherits", [ten], [ten], [inherit]),
            ("middle inherits", [ten], [inherit], [tenOne]),
            ("middle inherits, leaf claims more", [tenOne], [inherit], [ten]),
            ("root inherits", [inherit], [ten], [ten]),
            ("all inherit", [inherit], [inherit], [inherit]),
            ("another family at the root inherits", [ten, Inherited(2)], [ten], [ten]),
            ("another family", [ten], [ten], [Family(2, Prefix(0, 0x20, 1))]),
            ("two families", [ten, Family(2, Prefix(0, 0x20, 1))], [ten, Inherited(2)], [tenOne, Family(2, Prefix(0, 0x20, 1, 0x0D))]),
            ("two families in the wrong order", [ten], [ten], [Family(2, Prefix(0, 0x20, 1)), ten]),
            ("a family twice", [ten], [ten], [ten, ten]),
            ("a family of its own kind", [ten], [ten], [Family([0, 1, 1], Prefix(0, 10))]),
            ("a family of one byte", [ten], [ten], [Family([1], Prefix(0, 10))]),
            ("a family of four bytes", [ten], [ten], [Family([0, 1, 1, 1], Prefix(0, 10))]),
            ("an unknown family", [ten], [ten], [Family(7, Prefix(0, 10))]),
            ("an unknown family inherits", [ten], [ten], [Inherited(7)]),
            ("none in a family", [ten], [ten], [Family(1)]),
            ("a range inside", [ten], [ten], [Family(1, Range([10, 0, 0, 1], [10, 0, 0, 9]))]),
            ("a range that is a prefix", [ten], [ten], [Family(1, Range([10, 1], [10, 1]))]),
            ("a range backwards", [ten], [ten], [Family(1, Range([10, 0, 0, 9], [10, 0, 0, 1]))]),
            ("a range across", [ten], [ten], [Family(1, Range([9, 255, 255, 250], [10, 0, 0, 1]))]),
            ("ranges in the wrong order", [ten], [ten], [Family(1, Prefix(0, 10, 2), Prefix(0, 10, 0))]),
            ("ranges that overlap", [ten], [ten], [Family(1, Prefix(0, 10, 1), Prefix(0, 10, 1, 1))]),
            ("ranges side by side", [ten], [ten], [Family(1, Prefix(0, 10, 1), Prefix(0, 10, 2))]),
            ("ranges apart", [ten], [ten], [Family(1, Prefix(0, 10, 1), Prefix(0, 10, 3))]),
            ("a prefix of bits", [ten], [ten], [Family(1, Prefix(4, 10, 0xF0))]),
            ("a prefix longer than an address", [ten], [ten], [Family(1, Prefix(0, 10, 1, 2, 3, 4))]),
            ("everything at the root", [Family(1, Prefix(0))], [ten], [tenOne]),
            ("nothing in the middle", [ten], [], [tenOne]),
            ("nothing in the middle, leaf inherits", [ten], [], [inherit]),
            ("nothing at the root", [], [ten], [tenOne]),
            ("nothing in the leaf", [tenOne], [ten], []),
            ("the middle holds it in two parts", [ten], [Family(1, Prefix(1, 10, 0), Prefix(0, 10, 3))], [Family(1, Range([10, 1], [10, 3]))]),
            ("the middle is not in order", [ten], [ten, ten], [tenOne]),
        ];
        foreach ((string name, byte[][] root, byte[][] middle, byte[][] leaf) in addresses)
        {
            yield return ($"resources: addresses, {name}", () => Owned(AddressBlocks, Whole(root), Whole(middle), Whole(leaf)));
        }

        byte[]? few = Systems(SystemRange(100, 200)), one = Systems(SystemRange(150)), handed = Systems([5, 0]);
        (string Name, byte[]? Root, byte[]? Middle, byte[]? Leaf)[] numbers =
        [
            ("the same everywhere", few, few, few), ("less further down", few, few, one), ("more further down", few, one, few),
            ("leaf inherits", few, few, handed), ("middle inherits", few, handed, one), ("middle inherits, leaf claims more", one, handed, few), ("root inherits", handed, few, few),
            ("nothing in the middle", few, null, one), ("nothing at the root", null, few, one), ("nothing in the leaf", one, few, null), ("nothing in the middle, leaf inherits", few, null, handed),
            ("backwards", few, few, Systems(SystemRange(160, 150))), ("in the wrong order", few, few, Systems(Der.Sequence(Der.Integer(160), Der.Integer(150)))),
            ("side by side", few, few, Systems(Der.Sequence(Der.Integer(150), Der.Integer(151)))), ("none", few, few, Systems(Der.Sequence())),
            ("neither numbers nor domains", few, few, Der.Sequence()),
            ("domains, too", Both(few, 1), Both(few, 1), Both(one, 1)), ("domains that nobody holds", few, few, Both(one, 1)),
            ("domains that the root lacks", few, Both(few, 1), few), ("numbers that the leaf lacks and the root too", Systems(SystemRange(1)), few, Der.Sequence(Der.Context(1, [5, 0]))),
            ("malformed", few, few, [1, 2]), ("malformed in the middle", few, [1, 2], one), ("a range of three", few, few, Systems(Der.Sequence(Der.Sequence(Der.Integer(1), Der.Integer(2), Der.Integer(3))))),
        ];
        foreach ((string name, byte[]? root, byte[]? middle, byte[]? leaf) in numbers)
        {
            yield return ($"resources: numbers, {name}", () => Owned(SystemNumbers, root, middle, leaf));
        }

        yield return ("resources: malformed addresses", () => Owned(AddressBlocks, Whole([ten]), Whole([ten]), [1, 2]));
        yield return ("resources: a self-signed leaf inherits", () => End().With(new Extension(AddressBlocks, true, Whole([inherit]))).SelfSign() is var leaf ? Case(leaf, [], leaf) : null!);
        yield return ("resources: a self-signed leaf holds", () => End().With(new Extension(AddressBlocks, true, Whole([ten]))).SelfSign() is var leaf ? Case(leaf, [], leaf) : null!);
        yield return ("resources: unnested and of another name", () => Owned(AddressBlocks, Whole([tenOne]), Whole([ten]), Whole([ten])) with { HostName = "other.example" });
        yield return ("resources: both extensions, each wrong", () => Owned(AddressBlocks, Whole([tenOne]), Whole([ten]), Whole([ten]), new Extension(SystemNumbers, true, Systems(SystemRange(160, 150)))));

        static byte[]? Whole(byte[][] families) => families.Length == 0 ? null : Der.Sequence(families);
        static byte[] Both(byte[] systems, int domain) => [0x30, (byte)(systems[1] + 7), .. systems.AsSpan(2), .. Der.Context(1, Der.Sequence(Der.Integer(domain)))];
    }

    private static ChainCase Owned(string oid, byte[]? root, byte[]? middle, byte[]? leaf, params Extension[] more)
    {
        Issued top = Ca("CN=holder").With(new Extension(oid, true, root)).SelfSign();
        Issued between = top.Issue(Ca("CN=lessor").With(new Extension(oid, true, middle)));
        return Case(between.Issue(End().With([new Extension(oid, true, leaf), .. more])), [between], top);
    }

    private static byte[] Family(byte number, params byte[][] items) => Family([0, number], items);

    private static byte[] Family(byte[] family, params byte[][] items) => Der.Sequence(Der.Octets(family), Der.Sequence(items));

    private static byte[] Inherited(byte number) => Der.Sequence(Der.Octets([0, number]), Der.Null);

    private static byte[] Prefix(int unused, params byte[] bytes) => Der.Bits(unused, bytes);

    private static byte[] Range(byte[] first, byte[] last) => Der.Sequence(Der.Bits(0, first), Der.Bits(0, last));

    private static byte[] Systems(byte[] choice) => Der.Sequence(Der.Context(0, choice));

    private static byte[] SystemRange(long first, long? last = null)
        => Der.Sequence(last is { } end ? Der.Sequence(Der.Integer(first), Der.Integer(end)) : Der.Integer(first));
}
