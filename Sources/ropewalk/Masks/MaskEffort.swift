import Foundation
import RopewalkMethods
import RopewalkPhrases

/// What is said and shown while rules are looked at pair by pair: they take seconds in long texts.
struct MaskEffort {
    private let mask: Mask
    private let other: Mask?
    private let pairs: Int
    private static let line = ProgressLine(say("looking at pairs"))

    /// Pairs that take no longer than one waits for without a word.
    private static let silentPairs = 1 << 32
    private static let sampledPairs = 1 << 25

    init(_ mask: Mask, against other: Mask? = nil) {
        self.mask = mask
        self.other = other
        pairs = mask.lookedAtPairs + (other?.lookedAtPairs ?? 0)
    }

    private var isLong: Bool { pairs > Self.silentPairs }

    /// An exact answer for some of the queries, at once.
    func announce() {
        guard isLong else { return }
        let sample = MaskSample(mask, against: other, queries: max(2, Self.sampledPairs / max(1, mask.tokens)))
        var found = [say("\(sample.empty.grouped) see no key"), say("\(sample.leaks.grouped) pairs are of later keys")]
        if let differing = sample.differing { found.append(say("\(differing.grouped) pairs differ")) }
        let text =
            say(
                """
                \(pairs.grouped) pairs are looked at one by one; of \(sample.queries.grouped) of \
                \(mask.queries.count.grouped) queries, exactly: \(found.joined(separator: ", "))
                """)
        FileHandle.standardError.write(Data("ropewalk: \(text)\n".utf8))
    }

    /// Shows how far it is, on a terminal.
    func progress(_ work: String) -> ((Int, Int) -> Void)? {
        guard isLong else { return nil }
        let line = ProgressLine(work)
        return { done, total in if done % 1024 == 0 { line.show(done, of: total) } }
    }

    func finish() { if isLong { Self.line.clear() } }
}
