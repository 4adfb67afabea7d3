import RopewalkPhrases

/// What one step may cost: a step over a large value is many.
extension TemplateRun {
    /// Bytes of texts, and 16 for each value, that all steps together may look at or make; some seconds, and as much memory at most.
    static let mostWork = 400_000_000
    /// Lists in lists: what is deeper could neither be written nor given back without a stack as deep.
    private static let deepest = 100
    private static let value = 16

    /// A value is looked at as a whole, or was made.
    /// - Throws: where it lies too deep, or all was too much.
    func charge(_ value: TemplateValue, times: Int = 1, _ line: Int) throws(TemplateProblem) {
        try charge(value, depth: 0, line)
        if times > 1 { try charge(bytes: size(value) * (times - 1), line) }
    }

    /// So many bytes of work.
    func charge(bytes: Int, _ line: Int) throws(TemplateProblem) {
        let (sum, isTooLarge) = work.addingReportingOverflow(max(0, bytes))
        work = sum
        if isTooLarge || work > Self.mostWork { throw TemplateProblem(line, say("it takes too many steps")) }
    }

    private func charge(_ value: TemplateValue, depth: Int, _ line: Int) throws(TemplateProblem) {
        if depth > Self.deepest { throw TemplateProblem(line, say("a value lies too deep within others")) }
        switch value {
        case .string(let text): try charge(bytes: Self.value + text.utf8.count, line)
        case .list(let values):
            try charge(bytes: Self.value, line)
            for value in values { try charge(value, depth: depth + 1, line) }
        case .map(let members):
            try charge(bytes: Self.value, line)
            for member in members {
                try charge(bytes: member.key.utf8.count, line)
                try charge(member.value, depth: depth + 1, line)
            }
        default: try charge(bytes: Self.value, line)
        }
    }

    /// The same sum of a value that has been charged.
    private func size(_ value: TemplateValue) -> Int {
        switch value {
        case .string(let text): Self.value + text.utf8.count
        case .list(let values): values.reduce(Self.value) { $0 + size($1) }
        case .map(let members): members.reduce(Self.value) { $0 + $1.key.utf8.count + size($1.value) }
        default: Self.value
        }
    }
}
