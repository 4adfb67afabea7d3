import RopewalkPhrases

/// `\p{...}`, `\P{...}` or `\p{^...}` of a pattern, as PCRE2 writes what Oniguruma means.
///
/// A script alone is in PCRE2 all that is used with the script, in Oniguruma what is of it.
struct OnigurumaProperty {
    let text: [UInt8]
    /// Where the pattern goes on.
    let end: Int
    /// Whether it holds letters of one case and not those of the other.
    let hasCase: Bool

    /// Names that only PCRE2 has.
    private static let foreign: Set = ["xan", "xps", "xsp", "xuc", "xwd"]
    private static let ofOneCase: Set = [
        "lu", "ll", "lt", "lower", "upper", "lowercase", "uppercase", "lowercaseletter", "uppercaseletter",
        "titlecaseletter", "otherlowercase", "otheruppercase",
    ]

    /// - Parameter start: where its backslash stands
    init(_ source: [UInt8], _ start: Int) throws(OnigurumaPattern.Difference) {
        let brace = start + 2
        guard brace < source.count, source[brace] == UInt8(ascii: "{"),
            let closing = source[brace...].firstIndex(of: UInt8(ascii: "}"))
        else { throw .init(place: start, problem: say("a property without braces is not supported")) }
        var name = String(decoding: source[(brace + 1)..<closing], as: UTF8.self)
        var isOpposite = source[start + 1] == UInt8(ascii: "P")
        if name.hasPrefix("^") {
            isOpposite.toggle()
            name.removeFirst()
        }
        let plain = name.lowercased().filter { !" _-".contains($0) }
        guard plain.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }), !Self.foreign.contains(plain),
            !plain.hasPrefix("bidi")
        else { throw .init(place: start, problem: say("a property that Oniguruma does not have")) }
        let kind = plain.count > 2 && Pattern.isScript(name) ? "sc:" : ""
        text = Array("\\\(isOpposite ? "P" : "p"){\(kind)\(name)}".utf8)
        end = closing + 1
        hasCase = Self.ofOneCase.contains(plain)
    }
}
