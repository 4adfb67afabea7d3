/// How much a text is held together by words that point elsewhere: pronouns, and connectives of our own lists.
///
/// After LongWanjuan, which counts pronouns of English by words, and pronouns and connectives of Chinese by characters; its
/// model of discourse markers is not built here.
package struct Cohesion: Equatable, Sendable {
    /// Of English per word; of Chinese characters in pronouns per character.
    package let pronouns: Double
    /// Of English per word; of Chinese characters in connectives per character.
    package let connectives: Double

    package init(_ text: CodePoints, _ language: TextLanguage) {
        switch language {
        case .english:
            let lowered = PythonText.lower(text)
            let words = lowered.split { !PythonText.isWord($0) && $0 != "'" && $0 != "’" }
            let all = Double(max(1, words.count))
            pronouns = Double(words.count { Self.englishPronouns.contains(CodePoints($0)) }) / all
            connectives = Double(words.count { Self.englishConnectives.contains(CodePoints($0)) }) / all
        case .chinese:
            let all = Double(max(1, text.count))
            pronouns = Double(Self.covered(text, by: Self.chinesePronouns)) / all
            connectives = Double(Self.covered(text, by: Self.chineseConnectives)) / all
        }
    }

    /// Characters that words of a list cover; where several begin, the longest counts.
    private static func covered(_ text: CodePoints, by words: [Unicode.Scalar: [CodePoints]]) -> Int {
        var covered = 0
        var place = 0
        while place < text.count {
            let word = words[text[place]]?.first { word in
                place + word.count <= text.count && text[place..<place + word.count].elementsEqual(word)
            }
            covered += word?.count ?? 0
            place += word?.count ?? 1
        }
        return covered
    }

    private static func set(_ words: String) -> Set<CodePoints> {
        Set(words.split(separator: " ").map { PythonText.codePoints(String($0)) })
    }

    /// By their first character, the longest first.
    private static func byFirst(_ words: String) -> [Unicode.Scalar: [CodePoints]] {
        set(words).reduce(into: [:]) { known, word in known[word[0], default: []].append(word) }
            .mapValues { $0.sorted { $0.count > $1.count } }
    }

    /// The 39 of LongWanjuan.
    private static let englishPronouns = set(
        """
        one ones i me my mine myself you your yours yourself he him his himself she her hers herself it its itself we us our \
        ours ourselves they them their theirs themselves this that these those who whom whose
        """)
    private static let englishConnectives = set(
        """
        and but or nor so yet because although though while whereas since unless until if whether however therefore thus hence \
        moreover furthermore besides meanwhile nevertheless nonetheless instead otherwise then afterwards finally indeed \
        similarly likewise consequently accordingly namely
        """)
    private static let chinesePronouns = byFirst("自己 我们 你们 他们 她们 它们 这些 这个 那些 那个 那里 彼此 我 你 他 她 它 您 这 那")
    private static let chineseConnectives = byFirst(
        """
        因为 所以 因此 于是 但是 可是 然而 不过 虽然 尽管 即使 如果 要是 只要 只有 除非 无论 不管 而且 并且 此外 另外 首先 其次 然后 接着 最后 \
        同时 以及 或者 还是 否则 反之 总之 例如 比如 也就是说 换句话说 实际上 事实上 后来 由于 既然 从而 甚至 何况 况且
        """)
}
