import Foundation

extension NeedleTask {
    /// A line of ancestors in several places; who is furthest back.
    func ancestors(_ numbers: inout SeededNumbers, steps: Int) -> NeedleStory {
        let names = numbers.picked(steps + 1, of: NeedleWords.given)
        let links = Self.links(names, &numbers)
        return NeedleStory(
            filler: .text, borders: .any, needles: links.map { .init(" \($0)", .depth) },
            question: Self.eldest(names[0]), answers: names.suffix(1),
            others: names.dropFirst().dropLast().reversed() + NeedleWords.given.filter { !names.contains($0) })
    }

    /// Nothing but such a line, `size` links in any order; the answer in a box, as NeedleBench asks for it.
    func trace(_ numbers: inout SeededNumbers, size: Int) -> NeedleStory? {
        let isGiven = number("steps") > 0
        guard (1...(isGiven ? 1 : 9)).contains(size) else { return nil }
        let steps = isGiven ? number("steps") : 1 << size
        let seed = Int(truncatingIfNeeded: numbers.next() >> 1)
        let names = (0...steps).compactMap { NeedleWords.person($0, seed: seed) }
        let links = numbers.shuffled(Self.links(names, &numbers))
        let opening = "Read how some people are related.\n" + links.joined(separator: "\n") + "\n"
        return NeedleStory(
            opening: opening, lit: Self.ranges(of: links, in: opening), filler: .none, borders: .any, needles: [],
            question: Self.eldest(names[0]) + "\\boxed{", answers: names.suffix(1),
            others: names.dropFirst().dropLast().reversed())
    }

    /// Who each of the others is the parent of.
    private static func links(_ names: [String], _ numbers: inout SeededNumbers) -> [String] {
        zip(names, names.dropFirst()).map { child, parent in
            "\(parent) is the \(numbers.below(2) == 0 ? "mother" : "father") of \(child)."
        }
    }

    private static func eldest(_ name: String) -> String {
        "\nWho is the eldest ancestor of \(name) in the text? The eldest ancestor of \(name) in the text is "
    }

    /// A numbered list in which some words stand often and others seldom.
    /// - Parameter size: how many words stand seldom
    func commonWords(_ numbers: inout SeededNumbers, seed: Int, size: Int) -> NeedleStory? {
        let count = number("common")
        let pairs = (0..<count + size).compactMap { Self.word($0, seed: seed) }
        guard pairs.count == count + size else { return nil }
        let common = Array(pairs.prefix(count))
        var list = common.flatMap { Array(repeating: $0, count: number("times")) }
        list += pairs.dropFirst(count).flatMap { Array(repeating: $0, count: number("rare")) }
        list = numbers.shuffled(list)
        var opening = "Some words of this list stand in it more often than the others.\n"
        var lit: [Range<Int>] = []
        let asked = Set(common)
        for (index, word) in list.enumerated() {
            opening += "\(index + 1). "
            let start = opening.utf8.count
            opening += "\(word) "
            if asked.contains(word) { lit.append(start..<start + word.utf8.count) }
        }
        // In the order in which they come first, so that there is one right answer.
        var seen: Set<String> = []
        let answers = list.filter { asked.contains($0) && seen.insert($0).inserted }
        return NeedleStory(
            opening: opening, lit: lit, filler: .none, borders: .any, needles: [],
            question:
                "\nWhat are the \(count) words that stand most often in the list, in the order in which they come "
                + "first? The \(count) words that stand most often in the list are: ",
            answers: answers, others: Array(answers.dropFirst()) + Array(pairs.dropFirst(count).prefix(8)))
    }

    /// A word of a list: nouns first, then pairs.
    private static func word(_ number: Int, seed: Int) -> String? {
        let nouns = NeedleWords.nouns.count
        guard number < nouns else { return NeedleWords.pair(number - nouns, seed: seed) }
        var numbers = SeededNumbers(seed: seed, purpose: "words of a list")
        return numbers.shuffled(NeedleWords.nouns)[number]
    }

    /// Made-up words of which the i-th most frequent stands about 1/i^α times as often as the first (Zipf).
    /// - Parameter size: how often the most frequent one stands
    func frequentWords(_ numbers: inout SeededNumbers, size: Int) -> NeedleStory? {
        let (top, alpha) = (number("top"), Double(number("alpha")) / 10)
        var counts: [Int] = []
        while counts.count < 2048 {
            let count = Int(Double(size) / pow(Double(counts.count + 1), alpha))
            guard count > 0 else { break }
            counts.append(count)
        }
        // Of two that stand equally often neither is the more frequent one.
        guard counts.count > top, zip(counts.prefix(top), counts.dropFirst()).allSatisfy({ $0 > $1 }) else {
            return nil
        }
        var words: [String] = []
        while words.count < counts.count {
            let word = (0..<2 + numbers.below(2)).map { _ in Self.syllables[numbers.below(Self.syllables.count)] }
                .joined()
            if !words.contains(word) { words.append(word) }
        }
        let list = numbers.shuffled(zip(words, counts).flatMap { Array(repeating: $0, count: $1) })
        let opening = "Read this text in a secret script.\n" + list.joined(separator: " ") + "\n"
        let asked = Array(words.prefix(top))
        var lit: [Range<Int>] = []
        var start = opening.utf8.count - 1 - list.reduce(-1) { $0 + $1.utf8.count + 1 }
        for word in list {
            if asked.contains(word) { lit.append(start..<start + word.utf8.count) }
            start += word.utf8.count + 1
        }
        return NeedleStory(
            opening: opening, lit: lit, filler: .none, borders: .any, needles: [],
            question: "\nWhat are the \(top) most frequent words of the script, the most frequent first? "
                + "The most frequent words of the script are: ",
            answers: asked, others: Array(asked.dropFirst()) + Array(words.dropFirst(top).prefix(8)))
    }

    private static let syllables = [
        "ba", "ke", "li", "mo", "nu", "pa", "re", "si", "to", "vu", "za", "de", "fi", "go", "hu", "ja",
    ]

    /// Where texts stand in another one, each behind the one before it.
    private static func ranges(of texts: [String], in whole: String) -> [Range<Int>] {
        let bytes = Array(whole.utf8)
        var start = (whole.split(separator: "\n", maxSplits: 1).first?.utf8.count ?? 0) + 1
        return texts.map { text in
            let range = start..<min(bytes.count, start + text.utf8.count)
            start = range.upperBound + 1
            return range
        }
    }
}
