import RopewalkMethods
import RopewalkPhrases

/// What is asked of a mask: one thing at a time.
enum MaskTask {
    /// The mask itself.
    case write
    /// The pairs in which it differs from another one, as a mask of its own.
    case writeDifference
    /// A sentence about the same.
    case compare
    /// Its faults; differences from another one are faults too.
    case check(claims: [MaskClaim]?, block: Int)
    /// The simplest rule that it follows.
    case explain
    case why(QueryAndKey)
    case reach(QueryAndKey)
    case tiles(side: Int)
}

extension MaskCommand {
    /// The side of the blocks that claims speak of where none is given.
    private static let claimedBlock = 128

    /// What the options ask for; `checkCombinations` has refused those that ask for two things.
    var task: MaskTask {
        if explain { return .explain }
        if let why { return .why(why) }
        if let reach { return .reach(reach) }
        if let block, expect == nil, diff == nil { return .tiles(side: block) }
        if check { return .check(claims: expect, block: block ?? Self.claimedBlock) }
        guard diff != nil else { return .write }
        return out == nil ? .compare : .writeDifference
    }

    func checkCombinations() throws(CommandError) {
        if json, let format, format != .mask(.json) {
            throw .combination(say("--json and --format \(format.name) are both given: leave one out"))
        }
        if let report = format?.report, !check, suite == nil {
            throw .combination(say("--format \(report.rawValue) is for --check and --suite: give one"))
        }
        if suite != nil, !allSpecs.isEmpty || check || diff != nil {
            throw .combination(say("--suite has its own masks and claims: leave out methods, --check and --diff"))
        }
        if why != nil, check || diff != nil {
            throw .combination(say("--why goes with neither --check nor --diff: ask one after the other"))
        }
        let reports = [
            check || diff != nil, explain, why != nil, reach != nil, block != nil && expect == nil && diff == nil,
        ]
        if reports.filter({ $0 }).count > 1 {
            throw .combination(say("--check or --diff, --explain, --why, --reach and --block: ask one after the other"))
        }
        if expect != nil, !check { throw .combination(say("--expect is for --check: give both")) }
        let isPicture = block != nil && expect == nil && diff == nil && !json
        if out != nil,
            check || diff != nil && json || explain || why != nil || reach != nil || block != nil && !isPicture
        {
            throw .combination(say("--out is for the mask itself: leave out --check, --diff and --why"))
        }
    }
}
