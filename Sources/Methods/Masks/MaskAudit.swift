import RopewalkPhrases

/// What is wrong with a mask, head by head.
package struct MaskAudit {
    /// Of each finding the places that have it; none where there is one mask.
    package private(set) var findings: [(places: [HeadPlace], finding: Finding)] = []
    /// What was taken for what, one sentence each.
    package private(set) var remarks: [String] = []

    /// - Parameters:
    ///   - claims: what stands in place of what the method promises.
    ///   - block: side of the blocks that claims speak of.
    ///   - lint: looks for the faults that nobody has to claim.
    package init(
        _ heads: HeadMasks, _ claims: [MaskClaim]?, block: Int, loader: MaskLoader?,
        lint: (Mask) -> [Finding] = { MaskLint.findings(in: $0, expecting: $0.expectation) }
    ) throws(MethodError) {
        for group in Self.groups(heads, claims) {
            let found: [Finding]
            if let claims {
                let place = group.places.first
                found = try MaskLint.findings(
                    in: group.mask, claims: adapted(claims, heads, place, group.mask), at: place, block: block,
                    layers: heads.joined(item: place?.item ?? 0), loader: loader)
            } else {
                found = lint(group.mask)
            }
            findings += found.map { (group.places, $0) }
        }
        if claims == nil { findings += Self.lostTokens(heads) }
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
    private mutating func adapted(
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
                remarks.append(
                    say(
                        """
                        item \(place.item) has none of the claimed padding: padding=left:10/0 says how much \
                        each has
                        """))
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
