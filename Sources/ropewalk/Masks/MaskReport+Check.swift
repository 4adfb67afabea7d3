import RopewalkMethods

extension MaskReport {
    private struct Fault: Encodable {
        let kind: String
        let count: Int
        let message: String
    }

    /// Whether there are no faults; `claims` stand in place of what the method promises.
    static func check(_ heads: HeadMasks, _ claims: [MaskClaim]?, block: Int, json: Bool) throws -> Bool {
        var findings: [(prefix: String, finding: Finding)] = []
        for (place, mask) in heads.different {
            let found =
                try claims.map { try MaskLint.findings(in: mask, claims: $0, block: block, layers: heads.joined) }
                ?? MaskLint.findings(in: mask, expecting: mask.expectation)
            let prefix = place.map { "layer \($0.layer), head \($0.head): " } ?? ""
            findings += found.map { (prefix, $0) }
        }
        if claims == nil, let lost = MaskLint.unreachableTokens(heads.joined) { findings.append(("", lost)) }
        if json {
            let faults = findings.map {
                Fault(kind: $1.kind.rawValue, count: $1.count, message: $0 + $1.message)
            }
            try StandardOutput.write(JSONText.encode(faults))
        } else if findings.isEmpty {
            try StandardOutput.write("\(heads.mask.spec) over \(heads.mask.tokens.grouped) tokens: no faults\n")
        } else {
            try StandardOutput.write(findings.map { "\($1.kind.rawValue): \($0)\($1.message)\n" }.joined())
        }
        return findings.isEmpty
    }
}
