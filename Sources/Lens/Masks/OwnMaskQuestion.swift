import RopewalkMethods

/// What is asked of a mask by itself: one of any size, whatever text is open.
package struct OwnMaskQuestion: Equatable, Sendable {
    package enum Subject: Equatable, Sendable {
        case check(block: Int, MaskClaims)
        case comparison(Scenario)
        case explanation
    }

    private let scenario: Scenario
    private let subject: Subject

    /// - Parameter scenario: with at least one mask file among its windows, whose size is that of the mask.
    package init(_ scenario: Scenario, _ subject: Subject) {
        self.scenario = scenario
        self.subject = subject
    }

    package func study(loader: MaskLoader?) -> MaskStudy {
        do throws(MethodError) {
            switch subject {
            case .check(let block, let claims): return .check(try check(block: block, claims, loader))
            case .comparison(let other): return .comparison(try comparison(other))
            case .explanation: return .explanation(try explanation())
            }
        } catch {
            return .impossible(error.description)
        }
    }

    /// Why a query sees a key of the first of its masks.
    package func reason(query: Int, key: Int) -> VisibilityReason? {
        guard let mask = try? heads().different[0].mask, mask.queries.contains(query), (0..<mask.tokens).contains(key)
        else { return nil }
        return mask.reason(query: query, key: key)
    }

    /// In all the items, layers and heads that its files have.
    private func heads(of scenario: Scenario? = nil, like mask: Mask? = nil) throws(MethodError) -> HeadMasks {
        let files = self.scenario.windows.flatMap(\.fileWindows)
        let methods = (scenario ?? self.scenario).windows
        let tokens = methods.flatMap(\.fileWindows).first?.stack.keys ?? mask?.tokens ?? 1
        let whole = try Mask(methods: methods, tokens: tokens, queries: mask?.queries)
        return try HeadMasks(whole, HeadPlace.all(of: files))
    }

    private func check(block: Int, _ claims: MaskClaims, _ loader: MaskLoader?) throws(MethodError) -> MaskCheck {
        let heads = try heads()
        let mask = heads.different[0].mask
        for claim in claims.claims { try claim.requirePlaces(in: HeadCounts(heads.places)) }
        let audit = try MaskAudit(heads, claims.given, block: block, loader: loader)
        var check = MaskCheck(
            tokens: mask.tokens, findings: faults(audit, heads), density: mask.density,
            causalDensity: mask.causalDensity, block: block, tiles: try? MaskTiles(mask, side: block),
            groups: groups(heads), remark: audit.remarks.isEmpty ? nil : audit.remarks.joined(separator: "; "))
        check.claims = claims.text
        check.readings = scenario.windows.flatMap(\.fileWindows).compactMap {
            $0.readingText(layers: nil, heads: nil, otherwise: .marks)
        }
        check.own = MaskCheck.Own(
            extent: mask.sizeText + heads.extent, isOrdered: !mask.isCross, picture: MaskPicture(mask))
        return check
    }

    private func faults(_ audit: MaskAudit, _ heads: HeadMasks) -> [MaskCheck.Fault] {
        var order: [Finding] = []
        var places: [[HeadPlace]] = []
        for (own, finding) in audit.findings {
            if let index = order.firstIndex(of: finding) {
                places[index] += own
            } else {
                order.append(finding)
                places.append(own)
            }
        }
        return zip(order, places).map { MaskCheck.Fault($0, heads: HeadNames($1, of: heads).text) }
    }

    private func groups(_ heads: HeadMasks) -> [MaskCheck.Group] {
        heads.different.enumerated().map { index, group in
            let name = HeadNames(group.places, of: heads).text
            return MaskCheck.Group(
                title: group.mask.spec + (name.isEmpty ? "" : ", " + name), heads: max(1, group.places.count),
                isShown: index == 0)
        }
    }

    private func explanation() throws(MethodError) -> [MaskExplained] {
        let heads = try heads()
        return try heads.explanations().map {
            MaskExplained($1, of: heads.mask, heads: HeadNames($0, of: heads).text, place: nil)
        }
    }

    private func comparison(_ other: Scenario) throws(MethodError) -> MaskComparison {
        let own = try heads()
        let theirs = try heads(of: other, like: own.mask)
        let names =
            own.heads.isEmpty
            ? [] : zip(own.heads, theirs.heads).map { ($0.mask.identity + " " + $1.mask.identity, $0.place) }
        let pairs =
            own.heads.isEmpty
            ? [([HeadPlace](), own.mask, theirs.mask)]
            : HeadMasks.grouped(names).map { indices in
                (indices.map { own.heads[$0].place }, own.heads[indices[0]].mask, theirs.heads[indices[0]].mask)
            }
        var parts: [(places: [HeadPlace], difference: MaskDiff)] = []
        for (places, mask, other) in pairs { parts.append((places, try MaskDiff(mask, other))) }
        let shown = parts.first { !$0.difference.isEmpty } ?? parts[0]
        let rest = parts.filter { !$0.difference.isEmpty }.dropFirst().map { part in
            MaskComparison.Part(
                heads: HeadNames(part.places, of: own).text, count: part.difference.count, place: nil)
        }
        var comparison = MaskComparison(
            name: own.mask.spec, other: theirs.mask.spec, difference: shown.difference,
            head: shown.difference.isEmpty ? "" : HeadNames(shown.places, of: own).text, elsewhere: Array(rest))
        comparison.isOwn = true
        return comparison
    }
}

extension HeadPlace {
    /// The items, layers and heads of files; none where there is one mask.
    fileprivate static func all(of files: [FileWindow]) -> [HeadPlace] {
        let layouts = files.map { $0.stack.layout() }
        func most(_ axis: MaskStack.Axis) -> Int {
            zip(files, layouts).map { $0.chosen.index(axis) == nil ? $1.count(axis) : 1 }.max() ?? 1
        }
        let (items, layers, heads) = (most(.batch), most(.layers), most(.heads))
        guard items * layers * heads > 1 else { return [] }
        return (0..<items).flatMap { item in
            (0..<layers).flatMap { layer in
                (0..<heads).map { HeadPlace(layer: layer, head: $0, layers: layers, heads: heads, item: item) }
            }
        }
    }
}

extension HeadCounts {
    fileprivate init(_ places: [HeadPlace]) {
        self.init(
            items: places.map { $0.item + 1 }.max() ?? 1, layers: places.first?.layers ?? 1,
            heads: places.first?.heads ?? 1)
    }
}
