import Foundation
import RopewalkMethods
import RopewalkPhrases

extension MaskAudit {
    /// Of the command: what was taken for what is said, and long looks at pairs show how far they are.
    init(_ subject: MaskSubject, _ claims: [MaskClaim]?, block: Int) throws(MethodError) {
        try self.init(subject.heads, claims, block: block, loader: subject.loader) { mask in
            let effort = MaskEffort(mask)
            effort.announce()
            defer { effort.finish() }
            return MaskLint.findings(
                in: mask, expecting: mask.expectation, progress: effort.progress(say("checking")))
        }
        for remark in remarks { StandardError.write(remark) }
    }
}

extension MaskReport {
    struct Fault: Encodable {
        let kind: String
        let item: Int?
        let layer: Int?
        let head: Int?
        let query: Int?
        let key: Int?
        let count: Int
        let message: String
    }

    private struct Document: Encodable {
        let findings: [Fault]
        let difference: Difference
    }

    /// The findings, and how the mask differs from another one, as one document or as lines.
    static func write(
        _ findings: [(places: [HeadPlace], finding: Finding)], _ difference: MaskPairDifference?, of heads: HeadMasks,
        json: Bool
    ) throws {
        guard json else {
            let lines = difference.map { $0.lines } ?? []
            return try StandardOutput.write((text(findings, heads) + lines).map { $0 + "\n" }.joined())
        }
        let faults = Self.faults(findings, nil, of: heads)
        if let difference {
            try StandardOutput.write(JSONText.encode(Document(findings: faults, difference: Difference(difference))))
        } else {
            try StandardOutput.write(JSONText.encode(faults))
        }
    }

    /// Findings and differences, each with the head that has it.
    static func faults(
        _ findings: [(places: [HeadPlace], finding: Finding)], _ difference: MaskPairDifference?, of heads: HeadMasks
    ) -> [Fault] {
        let differing = difference?.parts.filter { !$0.difference.isEmpty } ?? []
        return findings.map { fault($0, heads) }
            + differing.map { places, diff in
                let name = HeadNames(places, of: heads).text
                let names = difference?.pair.names ?? ("", "")
                return Fault(
                    kind: "difference", item: places.first?.item, layer: places.first?.layer, head: places.first?.head,
                    query: diff.first?.query, key: diff.first?.key, count: diff.count,
                    message: (name.isEmpty ? "" : name + ": ") + diff.summary(names.0, names.1))
            }
    }

    private static func fault(_ entry: (places: [HeadPlace], finding: Finding), _ heads: HeadMasks) -> Fault {
        let (places, finding) = entry
        let name = HeadNames(places, of: heads).text
        return Fault(
            kind: finding.kind.rawValue, item: places.first?.item, layer: places.first?.layer, head: places.first?.head,
            query: finding.query, key: finding.key, count: finding.count,
            message: (name.isEmpty ? "" : name + ": ") + finding.message)
    }

    /// One line a finding; heads that have the same one are named together.
    private static func text(_ findings: [(places: [HeadPlace], finding: Finding)], _ heads: HeadMasks) -> [String] {
        guard !findings.isEmpty else {
            return [say("\(heads.mask.spec) over \(heads.mask.sizeText)\(heads.extent): no faults")]
        }
        var order: [Finding] = []
        var places: [[HeadPlace]] = []
        for (own, finding) in findings {
            if let index = order.firstIndex(of: finding) {
                places[index] += own
            } else {
                order.append(finding)
                places.append(own)
            }
        }
        return zip(order, places).map { finding, places in
            let name = HeadNames(places, of: heads).text
            return "\(finding.kind.rawValue): \(name.isEmpty ? "" : name + ": ")\(finding.message)"
        }
    }
}
