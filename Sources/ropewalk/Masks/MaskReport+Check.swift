import Foundation
import RopewalkMethods

/// What is wrong with a mask, head by head.
struct MaskCheck {
    /// Of each finding the places that have it; none where there is one mask.
    let findings: [(places: [HeadPlace], finding: Finding)]

    /// `claims` stand in place of what the method promises.
    init(_ heads: HeadMasks, _ claims: [MaskClaim]?, block: Int, loader: MaskLoader) throws {
        var findings: [(places: [HeadPlace], finding: Finding)] = []
        for group in Self.groups(heads, claims) {
            let found: [Finding]
            if let claims {
                let place = group.places.first
                found = try MaskLint.findings(
                    in: group.mask, claims: Self.adapted(claims, heads, place, group.mask), at: place, block: block,
                    layers: heads.joined(item: place?.item ?? 0), loader: loader)
            } else {
                let effort = MaskEffort(group.mask)
                effort.announce()
                found = MaskLint.findings(
                    in: group.mask, expecting: group.mask.expectation, progress: effort.progress("checking"))
                effort.finish()
            }
            findings += found.map { (group.places, $0) }
        }
        if claims == nil { findings += Self.lostTokens(heads) }
        self.findings = findings
    }

    /// Claims of some heads are asked head by head.
    private static func groups(_ heads: HeadMasks, _ claims: [MaskClaim]?) -> [HeadMasks.Group] {
        let isScoped = claims?.contains { claim in
            if claim.scope != HeadScope() { return true }
            switch claim.statement {
            case .equals: return true
            case .padding(let left, let right): return (left ?? right ?? []).count > 1 || heads.items.count > 1
            default: return false
            }
        }
        guard isScoped == true, !heads.heads.isEmpty else { return heads.different }
        return heads.heads.map { HeadMasks.Group(places: [$0.place], mask: $0.mask) }
    }

    private static func lostTokens(_ heads: HeadMasks) -> [(places: [HeadPlace], finding: Finding)] {
        heads.items.compactMap { item in
            let mask = heads.mask
            let hasDocuments = mask.windows.contains { $0 is DocumentMask || !$0.fileWindows.isEmpty }
            // Of a file without a model its layers are what there is.
            guard hasDocuments == false || heads.places.contains(where: { $0.layers > 1 }) else { return nil }
            return MaskLint.unreachableTokens(heads.joined(item: item), ownDocument: hasDocuments).map { finding in
                (heads.items.count > 1 ? heads.places.filter { $0.item == item } : [], finding)
            }
        }
    }

    /// A batch is padded to its longest item: where a claim of padding names no item, one that has none of it, and
    /// sees what would be padding, is taken as it is, if another item has the padding.
    private static func adapted(
        _ claims: [MaskClaim], _ heads: HeadMasks, _ place: HeadPlace?, _ mask: Mask
    ) -> [MaskClaim] {
        guard let place, heads.items.count > 1 else { return claims }
        return claims.filter { claim in
            guard case .padding(let left, let right) = claim.statement, claim.scope == HeadScope(),
                (left ?? right ?? []).count == 1
            else { return true }
            let isPadded = { (mask: Mask) in mask.isPadded(left: left?.first ?? 0, right: right?.first ?? 0) }
            let isMeant = isPadded(mask) || !heads.heads.contains { $0.place.item != place.item && isPadded($0.mask) }
            if !isMeant {
                // As much as a claim of every item would say.
                let remark =
                    "item \(place.item) has none of the claimed padding: padding=left:10/0 says how much each has"
                StandardError.write(remark)
            }
            return isMeant
        }
    }
}

extension Mask {
    /// Whether a token that should be padding is hidden from itself, as no token of a text is.
    fileprivate func isPadded(left: Int, right: Int) -> Bool {
        [0..<min(left, tokens), max(0, tokens - right)..<tokens].contains { part in
            part.contains { queries.contains($0) && !allows(query: $0, key: $0) }
        }
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
            return ["\(heads.mask.spec) over \(heads.mask.sizeText)\(heads.extent): no faults"]
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
